"""Servers that misbehave at random, in every way at once, and know the truth: what they took, and what they said of it.

Whatever they do, every recipient has an answer in time; accepted is only what was taken, and what was taken is never
called certain to have failed, unless the server said no.

Not among it: a reply that is said twice before the message, and makes up for one that is left out after it. Nobody can
tell such a server from one that is right.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

import pytest

from maild.config.model import TlsMode
from maild.mail.address import Mailbox
from maild.mail.envelope import Envelope
from maild.net.smtp import Accepted, Answer, Broken, Content, SmtpServer, SmtpSession, Timeouts, open_session
from maild.net.step import NetError
from tests.fakes.resolver import FakeResolver

SERVERS: Final = 240
TOGETHER: Final = 40
MESSAGES: Final = 3
IMPATIENT: Final = Timeouts(
    greeting_s=0.5, command_s=0.5, envelope_s=0.5, data_s=0.5, block_s=0.5, end_s=0.5, quit_s=0.5
)
ENVELOPE: Final = Envelope(
    sender=Mailbox.parse("shop@shop.example"),
    recipients=tuple(Mailbox.parse(f"{name}@customer.example") for name in ("ann", "ben", "cleo")),
)
EXTENSIONS: Final = (b"PIPELINING", b"CHUNKING", b"8BITMIME", b"SIZE 1000000")
NO: Final = (b"450 4.3.0 later\r\n", b"550 5.7.1 no\r\n")
NONSENSE: Final = (b"421 bye\r\n", b"999 what\r\n", b"\r\n", b"250\n", b"hello\r\n", b"354 go on\r\n", b"550 no\r\n")


@dataclass(slots=True)
class MadServer:
    """One connection's worth of it."""

    random: Random
    taken: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until it or the client has had enough."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._talk(reader, writer)
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mad.test ESMTP\r\n")
        await reader.readline()
        offers = [one for one in EXTENSIONS if self.random.random() < 0.7]
        writer.write(b"".join(b"250-%b\r\n" % one for one in (b"mad.test", *offers)) + b"250 HELP\r\n")
        while line := await reader.readline():
            match line[:4].upper():
                case b"MAIL" | b"RCPT":
                    await self._say(writer, self.random.choice([b"250 2.1.0 ok\r\n"] * 8 + [*NO]))
                case b"DATA":
                    await self._say(writer, b"354 go on\r\n")
                    await reader.readuntil(b"\r\n.\r\n")
                    await self._take(writer)
                case b"BDAT":
                    await reader.readexactly(int(line.split()[1]))
                    await self._take(writer)
                case b"QUIT":
                    return
                case _:
                    await self._say(writer, b"250 2.0.0 ok\r\n")

    async def _take(self, writer: asyncio.StreamWriter) -> None:
        self.taken += 1
        answer = self.random.choice([b"250 2.0.0 taken\r\n"] * 3 + [*NO])
        await self._say(writer, answer + answer if self.random.random() < 0.1 else answer)

    async def _say(self, writer: asyncio.StreamWriter, reply: bytes) -> None:
        match self.random.randrange(24):
            case 0:
                return
            case 1:
                writer.write(reply[: self.random.randrange(len(reply))])
            case 2:
                for index in range(len(reply)):
                    writer.write(reply[index : index + 1])
                    await asyncio.sleep(0)
            case 3:
                writer.write(b"250-" + b"x" * 200 + b"\r\n" + reply)
            case 4:
                writer.write(self.random.choice(NONSENSE))
            case 5:
                writer.write(b"250-on and on\r\n" * 8000)
            case 6:
                raise ConnectionResetError
            case _:
                writer.write(reply)
        await writer.drain()


async def visit(number: int) -> list[Answer]:
    """Three messages to one of them, as far as it goes; every answer is held against the truth."""
    random = Random(number)
    server = MadServer(random)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=1 << 20)
    port = listening.sockets[0].getsockname()[1]
    message = b"Subject: hello\r\n\r\n" + b"line\r\n" * random.choice((1, 10, 20_000))
    found: list[Answer] = []
    async with asyncio.timeout(30), listening:
        with contextlib.suppress(NetError):
            session = await open_session(
                SmtpServer(host="localhost", port=port, mode=TlsMode.NONE),
                FakeResolver(hosts={"localhost": ("127.0.0.1",)}),
                timeouts=IMPATIENT,
            )
            for _ in range(MESSAGES):
                found += await _send(session, server, message, number)
            await session.quit()
    return found


async def _send(session: SmtpSession, server: MadServer, message: bytes, number: int) -> list[Answer]:
    if not session.is_usable:
        return []
    before, marked = server.taken, []

    async def mark(recipients: tuple[Mailbox, ...]) -> None:
        assert server.taken == before
        marked.append(recipients)

    answers = await session.send(ENVELOPE, Content.of(message), before_dot=mark)
    _judge(answers, number, is_taken=server.taken > before, is_marked=bool(marked))
    return list(answers.values())


def _judge(answers: Mapping[Mailbox, Answer], number: int, *, is_taken: bool, is_marked: bool) -> None:
    assert answers.keys() == set(ENVELOPE.recipients), number
    for answer in answers.values():
        if isinstance(answer, Accepted):
            assert is_taken, f"server {number}: accepted and never taken"
        if isinstance(answer, Accepted) or (isinstance(answer, Broken) and answer.is_uncertain):
            assert is_marked, f"server {number}: sent and not written down before"
        if isinstance(answer, Broken) and not answer.is_uncertain:
            assert not is_taken, f"server {number}: taken and said to be certainly not"


@pytest.mark.timeout(120)
def test_whatever_a_server_does_the_answers_are_right() -> None:
    async def scenario() -> list[Answer]:
        found: list[Answer] = []
        for first in range(0, SERVERS, TOGETHER):
            for answers in await asyncio.gather(*(visit(number) for number in range(first, first + TOGETHER))):
                found += answers
        return found

    found = asyncio.run(scenario())

    assert {type(answer).__name__ for answer in found} == {"Accepted", "Refused", "Broken"}
    assert {answer.is_uncertain for answer in found if isinstance(answer, Broken)} == {True, False}

"""What is said of a message when Postfix's smtp-sink misbehaves, in each way that it knows."""

import asyncio
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from maild.config.model import TlsMode
from maild.mail.address import Mailbox
from maild.mail.envelope import Envelope
from maild.mail.phase import Phase
from maild.net.smtp import Accepted, Answer, Broken, Content, Refused, SmtpServer, Timeouts, open_session
from maild.net.step import NetError, Reason
from tests.fakes.resolver import FakeResolver
from tests.peers.postfix import wait_for

SENDER: Final = Mailbox.parse("billing@shop.example")
ANN: Final = Mailbox.parse("ann@customer.example")
BEN: Final = Mailbox.parse("ben@customer.example")
SMALL: Final = b"Subject: hello\r\n\r\n.\r\n..\r\nthe end\r\n"
LARGE: Final = b"Subject: large\r\n\r\n" + (b"x" * 76 + b"\r\n") * 100_000

IMPATIENT: Final = Timeouts(
    greeting_s=0.4, command_s=0.4, envelope_s=0.4, data_s=0.4, block_s=0.4, end_s=0.4, quit_s=0.4
)

Outcome: TypeAlias = str
"""`accepted`, `refused PHASE CODE`, `broken PHASE REASON`, with `uncertain` where that is so."""


@contextmanager
def running(*options: str) -> Iterator[int]:
    program = shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin:/sbin")
    if program is None:
        pytest.skip("needs the Debian package postfix")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [program, "-u", "nobody", *options, f"127.0.0.1:{port}", "20"]
    with subprocess.Popen(argv, cwd="/", stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()


async def visited(port: int, content: bytes, timeouts: Timeouts) -> tuple[list[Outcome], bool]:
    """What two recipients were told on one session, and whether it is of use afterwards."""
    server = SmtpServer(host="localhost", port=port, mode=TlsMode.NONE)
    session = await open_session(server, FakeResolver(hosts={"localhost": ("127.0.0.1",)}), timeouts=timeouts)
    answers = await session.send(Envelope(sender=SENDER, recipients=(ANN, BEN)), Content.of(content), before_dot=_note)
    is_usable = session.is_usable
    await session.quit()
    return [told(answers, recipient) for recipient in (ANN, BEN)], is_usable


async def _note(_recipients: tuple[Mailbox, ...]) -> None:
    """Nothing is written down here."""


def told(answers: Mapping[Mailbox, Answer], recipient: Mailbox) -> Outcome:
    match answers[recipient]:
        case Accepted():
            return "accepted"
        case Refused(phase=phase, reply=reply):
            return f"refused {phase} {reply.code}"
        case Broken(error=error, is_uncertain=is_uncertain):
            return f"broken {error.phase} {error.reason}{' uncertain' if is_uncertain else ''}"


def outcome(*options: str, content: bytes = SMALL, timeouts: Timeouts | None = None) -> tuple[list[Outcome], bool]:
    with running(*options) as port:
        return asyncio.run(visited(port, content, timeouts or Timeouts()))


FAULTS: Final[tuple[tuple[tuple[str, ...], Outcome, bool], ...]] = (
    ((), "accepted", True),
    (("-p",), "accepted", True),
    (("-8", "-E", "-N"), "accepted", True),
    (("-e",), "accepted", True),
    (("-P",), "accepted", True),
    (("-T", "1000"), "accepted", True),
    (("-f", "MAIL"), f"refused {Phase.MAIL} 500", True),
    (("-f", "RCPT"), f"refused {Phase.RCPT} 500", True),
    (("-f", "DATA"), f"refused {Phase.DATA} 500", True),
    (("-f", "."), f"refused {Phase.BODY} 500", True),
    (("-r", "MAIL"), f"refused {Phase.MAIL} 450", True),
    (("-r", "RCPT"), f"refused {Phase.RCPT} 450", True),
    (("-r", "DATA"), f"refused {Phase.DATA} 450", True),
    (("-r", "."), f"refused {Phase.BODY} 450", True),
    (("-f", "RSET,."), f"refused {Phase.BODY} 500", False),
    (("-q", "MAIL"), f"broken {Phase.MAIL} {Reason.LOST}", False),
    (("-q", "RCPT"), f"broken {Phase.RCPT} {Reason.LOST}", False),
    (("-q", "DATA"), f"broken {Phase.DATA} {Reason.LOST}", False),
    (("-q", "."), f"broken {Phase.BODY} {Reason.LOST} uncertain", False),
    (("-Q", "MAIL"), f"refused {Phase.MAIL} 421", False),
    (("-Q", "RCPT"), f"refused {Phase.RCPT} 421", False),
    (("-Q", "DATA"), f"refused {Phase.DATA} 421", False),
    (("-Q", "."), f"refused {Phase.BODY} 421", False),
    (("-p", "-W", "MAIL:9"), f"broken {Phase.MAIL} {Reason.TIMEOUT}", False),
    (("-p", "-W", "RCPT:9"), f"broken {Phase.RCPT} {Reason.TIMEOUT}", False),
    (("-p", "-W", "DATA:9"), f"broken {Phase.DATA} {Reason.TIMEOUT}", False),
    # Delayed replies overtake each other: what answers which command cannot be known.
    (("-W", "MAIL:1"), f"refused {Phase.MAIL} 503", False),
    (("-p", "-W", ".:9"), f"broken {Phase.BODY} {Reason.TIMEOUT} uncertain", False),
)


def test_every_fault_leads_to_the_right_answer_for_everybody() -> None:
    # Only those that are silent on purpose are not waited for.
    found = {
        options: outcome(*options, timeouts=IMPATIENT if Reason.TIMEOUT in expected else None)
        for options, expected, _ in FAULTS
    }

    assert found == {options: ([expected] * 2, is_usable) for options, expected, is_usable in FAULTS}


def test_a_server_that_stops_reading_does_not_have_the_message() -> None:
    found = outcome("-H", "9", "-T", "2000", content=LARGE, timeouts=IMPATIENT)

    assert found == ([f"broken {Phase.BODY} {Reason.TIMEOUT}"] * 2, False)


def test_a_refusal_that_nobody_asked_for_is_not_taken_for_the_message_s() -> None:
    found = outcome("-A", "0", "-T", "2000", content=LARGE)

    # It comes right behind the 354: a reply that nothing was said for.
    assert found == ([f"broken {Phase.DATA} {Reason.PROTOCOL}"] * 2, False)


@pytest.mark.parametrize("options", [("-q", "CONNECT"), ("-f", "CONNECT"), ("-q", "EHLO"), ("-f", "EHLO,HELO")])
def test_no_session_comes_of_a_server_that_does_not_want_one(options: tuple[str, ...]) -> None:
    with pytest.raises(NetError) as caught:
        outcome(*options)

    assert caught.value.phase in {Phase.BANNER, Phase.EHLO}


def test_the_dump_of_a_message_is_what_was_sent() -> None:
    # Not in a folder of pytest's: the sink runs as another user, and every session of pytest that begins meanwhile
    # closes the folder above its own to all but its owner.
    with tempfile.TemporaryDirectory(prefix="maild-peer-") as folder:
        Path(folder).chmod(0o777)
        found = outcome("-d", f"{folder}/")
        (file,) = Path(folder).iterdir()
        dumped = file.read_bytes()

    assert found == (["accepted"] * 2, True)
    assert dumped.endswith(b"\n" + SMALL.replace(b"\r\n", b"\n") + b"\n")

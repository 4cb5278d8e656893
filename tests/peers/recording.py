"""One spool at work from its first drop to its last message, recorded, with what the server at the other end took."""

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.fakes.smtp_server import ScriptedSmtpServer, Transaction
from tests.peers.disk import Disk
from tests.peers.spool_workload import LATER, LOST, NOBODY
from tests.peers.trace import Close, Effect, Write, python, record

STAGES: Final = 2

_SITE: Final = """\
spool: {{path: {spool}}}
web: {{listen: []}}
dns: {{resolvers: ["127.0.0.1:1"]}}
delivery: {{retry: [100ms]}}
"""
_ACCOUNT: Final = """\
protocol: smtp
smtp: {{host: 127.0.0.1, port: {port}, auth: none, tls: {{mode: none}}}}
email: billing@example.com
limits: {{connections: 2}}
"""
_SUBJECT: Final = re.compile(rb"^Subject: power (\d+)\r$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """`effects` in order; `transactions` are those that the server took, `ends` how often each message was sent."""

    root: str
    effects: tuple[Effect, ...]
    transactions: tuple[Transaction, ...]
    ends: Counter[int | None]


def number_in(content: bytes) -> int | None:
    """Which of the messages this is; None: a report."""
    found = _SUBJECT.search(content.partition(b"\r\n\r\n")[0] + b"\r\n")
    return None if found is None else int(found[1])


def record_spool(folder: Path) -> Recording:
    """Run the workload once under strace."""
    spool, config = folder / "spool", folder / "configs"
    (config / "accounts").mkdir(parents=True)
    (config / "maild.yaml").write_text(_SITE.format(spool=spool))
    with _serving() as server:
        (config / "accounts" / "billing.yaml").write_text(_ACCOUNT.format(port=server.port))
        argv = python("tests.peers.spool_workload", str(config), str(spool), str(STAGES))
        effects = tuple(record(argv, folder))
    disk, finder = Disk(str(spool)), Ends()
    sent = [content for effect in effects if not disk.apply(effect) for content in finder.passed(effect)]
    ends = Counter(map(number_in, sent))
    return Recording(root=str(spool), effects=effects, transactions=tuple(server.transactions), ends=ends)


@dataclass(slots=True)
class Ends:
    """Finds the ends of messages in what goes out by sockets."""

    said: dict[int, bytearray] = field(default_factory=dict)

    def passed(self, effect: Effect) -> Iterator[bytes]:
        """The messages whose end this effect sent."""
        match effect:
            case Close(descriptor=descriptor):
                self.said.pop(descriptor, None)
            case Write(descriptor=descriptor, data=data):
                said = self.said.setdefault(descriptor, bytearray())
                known = max(0, len(said) - 4)
                said += data
                while (end := said.find(b"\r\n.\r\n", known)) >= 0:
                    known = 0
                    yield bytes(said[:end])
                    del said[: end + 5]
            case _:
                pass


@contextmanager
def _serving() -> Iterator[ScriptedSmtpServer]:
    """A server in a thread. It knows one recipient not at all and two others not at once; once it hangs up at a dot."""
    server = ScriptedSmtpServer()
    moods = {LATER, LOST}

    def rcpt(line: str) -> str | None:
        if NOBODY in line:
            return "550 5.1.1 no such user"
        if LATER in line and LATER in moods:
            moods.remove(LATER)
            return "451 4.3.0 not now"
        return None

    def end(_: str) -> str | None:
        if LOST in moods and any(LOST in command for command in server.commands):
            moods.remove(LOST)
            raise EOFError
        return None

    server.replies = {"RCPT": rcpt, ".": end}
    loop = asyncio.new_event_loop()
    begun, over = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with server:
            begun.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    begun.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()

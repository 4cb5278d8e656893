"""A site for benchmarks: its configuration, its drops, its filled queue, and its daemon as a process."""

import asyncio
import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from maild.clock import SystemClock
from maild.mail.message import recipients_of, split_message, with_crlf
from maild.spool.intake import Intake
from maild.spool.layout import Layout, make_folders
from maild.spool.queue import AccountSender, Arrival, InlineBody
from maild.spool.queue_id import RANDOM_BYTES, make_queue_id
from maild.spool.receipt import ReceiptWriter
from maild.spool.sqlite import SqliteQueue
from tests.bench.process import program

_ACCOUNT = """\
version: 1
protocol: smtp
smtp: {{host: 127.0.0.1, port: {port}, tls: {{mode: none}}, auth: none}}
email: bench@bench.example
limits: {{connections: {connections}}}
"""

_SITE = """\
version: 1
spool: {{path: {spool}}}
web: {{listen: ["127.0.0.1:0"]}}
probe: {{interval: 1h}}
"""

_LINE = "All work and no play makes this a rather long line of seventy-two chars.\n"


@dataclass(frozen=True, kw_only=True)
class Site:
    """One account towards a port on loopback."""

    folder: Path
    port: int
    connections: int = 20

    @property
    def layout(self) -> Layout:
        """Its spool."""
        return Layout(self.folder / "spool")

    def write(self) -> None:
        """Make its configuration and an empty spool."""
        (self.folder / "accounts").mkdir(parents=True)
        account = _ACCOUNT.format(port=self.port, connections=self.connections)
        (self.folder / "accounts" / "bench.yaml").write_text(account)
        (self.folder / "maild.yaml").write_text(_SITE.format(spool=self.layout.root))
        make_folders(self.layout)
        for folder in (self.layout.drop, self.layout.receipts):
            # ext4 places a folder by its name: this one would come where the last run's was, among what it deleted.
            new = folder.with_name(secrets.token_hex(8))
            new.mkdir(mode=folder.stat().st_mode & 0o7777)
            folder.rmdir()
            new.rename(folder)

    def drop(self, count: int, size: int) -> None:
        """So many messages of about that size, each renamed into place."""
        for number in range(count):
            write_drop(self.layout.drop, number, message(number, size))

    def fill(self) -> None:
        """Take every drop into the queue, with its receipt, as the daemon does."""
        asyncio.run(self._take_in())

    def fill_without_receipts(self, count: int, size: int) -> None:
        """Put messages into the queue that were no drops, so that nobody waits for receipts."""
        asyncio.run(self._put_in(count, size))

    async def _put_in(self, count: int, size: int) -> None:
        queue = SqliteQueue(self.layout.queue_file, self.layout.bodies)
        now = SystemClock().now()
        for start in range(0, count, 1000):
            numbers = range(start, min(start + 1000, count))
            await queue.accept([bench_arrival(number, size, now) for number in numbers])
        await queue.close()

    async def _take_in(self) -> None:
        queue = SqliteQueue(self.layout.queue_file, self.layout.bodies)
        receipts = ReceiptWriter(self.layout)
        intake = Intake(
            layout=self.layout,
            queue=queue,
            receipts=receipts,
            clock=SystemClock(),
            random_bytes=os.urandom,
            emit=lambda _: None,
            lifetime=timedelta(days=5),
        )
        while True:
            result = await intake.scan()
            if result.look_again_at is None:
                break
            if not result.taken:
                await asyncio.sleep(0.1)
        await queue.close()
        receipts.close()

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[bytes]"]:
        """The daemon; what it logs is thrown away."""
        argv = [program("maild"), "run", "--config", str(self.folder)]
        daemon = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield daemon
        finally:
            daemon.terminate()
            daemon.wait(60)

    def sent(self) -> int:
        """How many messages the receipts call sent."""
        return sum(1 for path in self.layout.receipts.glob("*.json") if b'"state":"sent"' in path.read_bytes())


def bench_arrival(number: int, size: int, now: datetime) -> Arrival:
    """The same as something that comes into a queue."""
    split = split_message(message(number, size))
    return Arrival(
        id=make_queue_id(now, number.to_bytes(RANDOM_BYTES, "big")),
        sender=AccountSender(),
        recipients=recipients_of(split.header),
        head=bytes(split.header),
        body=InlineBody(data=with_crlf(split.rest)),
        message_id=f"<{number}@bench.example>",
        received_at=now,
        expires_at=now + timedelta(days=5),
    )


def message(number: int, size: int) -> bytes:
    """A message of about that size, as a program writes it."""
    head = f"From: bench@bench.example\nTo: to{number}@sink.example\nSubject: message {number}\n\n"
    return (head + _LINE * max(1, (size - 200) // len(_LINE))).encode()


def write_drop(drop: Path, number: int, content: bytes) -> None:
    """Put a drop in place as a careful program does, but for the fsync."""
    hidden = drop / f".{number}.tmp"
    hidden.write_bytes(content)
    hidden.rename(drop / f"{number:07d}.eml")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mib(pid: int, field: str = "VmRSS") -> float:
    """Resident memory of a process; its peak is `VmHWM`."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{field}:")) / 1024

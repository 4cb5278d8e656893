"""A spool with an intake in front of a queue, for tests."""

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from maild.spool.events import SpoolEvent
from maild.spool.intake import Intake, IntakeLimits, ScanResult, ignore_checkpoint
from maild.spool.layout import Layout, make_folders
from maild.spool.queue import Queue, QueuedMessage, QueueFilter
from maild.spool.receipt import ReceiptWriter
from tests.fakes.clock import FakeClock
from tests.fakes.memory_queue import MemoryQueue
from tests.spool.messages import LIFETIME

MAIL = b"From: shop@example.com\nTo: anna@example.org\nSubject: hello\n\nHello.\n"


@dataclass(slots=True)
class SpoolSite:
    """Files made in it are old by its clock, unless the clock is told otherwise: nothing has to wait."""

    root: Path
    queue: Queue = field(default_factory=MemoryQueue)
    limits: IntakeLimits = field(default_factory=IntakeLimits)
    checkpoint: Callable[[str], None] = ignore_checkpoint
    clock: FakeClock = field(default_factory=lambda: FakeClock(datetime.now(UTC) + timedelta(minutes=1)))
    events: list[SpoolEvent] = field(default_factory=list)
    layout: Layout = field(init=False)
    receipts: ReceiptWriter = field(init=False)
    intake: Intake = field(init=False)

    def __post_init__(self) -> None:
        self.layout = Layout(self.root / "spool")
        make_folders(self.layout)
        self.receipts = ReceiptWriter(self.layout)
        self.intake = Intake(
            layout=self.layout,
            queue=self.queue,
            receipts=self.receipts,
            clock=self.clock,
            random_bytes=os.urandom,
            emit=self.events.append,
            lifetime=LIFETIME,
            limits=self.limits,
            checkpoint=self.checkpoint,
        )

    def drop(self, name: str, content: bytes = MAIL) -> Path:
        path = self.layout.drop / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    def clock_is_right(self) -> None:
        """From here on its clock is that of the files."""
        self.clock.advance((datetime.now(UTC) - self.clock.now()).total_seconds())

    def scan(self) -> ScanResult:
        return asyncio.run(self.intake.scan())

    def scan_all(self) -> int:
        """Scan until nothing is due at once; returns how many messages were taken in."""
        taken = 0
        while True:
            result = self.scan()
            taken += len(result.taken)
            if result.look_again_at is None or result.look_again_at > self.clock.now():
                return taken

    def messages(self) -> tuple[QueuedMessage, ...]:
        return asyncio.run(self.queue.select(QueueFilter()))

    def content(self, message: QueuedMessage) -> bytes:
        shown = asyncio.run(self.queue.show(message.id))
        assert shown is not None
        body = shown.body
        return shown.head + b"\r\n" + (body.path.read_bytes() if hasattr(body, "path") else body.data)

    def receipt(self, drop: str) -> dict[str, object]:
        document: dict[str, object] = json.loads(self.layout.receipt(drop).read_text())
        return document

    def dropped(self) -> list[str]:
        return sorted(path.name for path in self.layout.drop.iterdir())

    def rejected(self) -> list[str]:
        return sorted(path.name for path in self.layout.rejected.iterdir())

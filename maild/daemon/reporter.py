"""Tells people about messages: takes the reports that the queue owes, and sees that each is mailed, kept, or dropped.

Shell code; what is due and what it says is decided in `delivery.bounce`. A report becomes a message of the queue under
an idempotency key, and a file of the Maildir under a fixed name, and only then is it not owed any more: a crash in
between repeats nothing. Reports of a flood wait, still owed, for their digest.

Storage trouble is told and means: later.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from maild.clock import Clock
from maild.config.report_settings import ReportSettings
from maild.delivery.bounce import Bounce, Original, Silence, World, judge
from maild.delivery.bounce_budget import BounceBudget
from maild.delivery.events import AttemptFinished, DeliveryEvent, QueueTrouble, ReportMade, ReportWay
from maild.errors import MaildError
from maild.mail.digest import Digest, compose_digest
from maild.mail.dsn import AUTHOR_NAME, MAX_RETURNED_BYTES, Written, compose_dsn
from maild.mail.header import Header
from maild.mail.message import MAX_HEAD_BYTES
from maild.mail.priority import Priority
from maild.mail.report_wish import ReportWish
from maild.mail.verdict import Failed
from maild.observe.events import Event
from maild.spool.failures import read_kept
from maild.spool.layout import Layout
from maild.spool.maildir import deliver_to_maildir
from maild.spool.queue import (
    Arrival,
    InlineBody,
    MessageState,
    OwedReport,
    Queue,
    QueuedMessage,
    QueueFilter,
    QueueId,
    QueueInDoubtError,
    Waiting,
)
from maild.spool.queue_id import RANDOM_BYTES, make_queue_id
from maild.spool.stream import stream_of
from maild.spool.transition import received

BATCH: Final = 1000
"""Reports looked at in one go, hence in one digest at most."""

EVERY: Final = timedelta(seconds=5)
DELAYS_EVERY: Final = timedelta(minutes=1)
LIFETIME: Final = timedelta(days=1)
"""Of a report: what is older than that has been seen elsewhere."""

_NO_REPORT: Final = ReportWish(notify=frozenset())
"""Of reports: a report about a report would go round for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterPorts:
    """What the reporter works with. `wake` is told of new messages, `random_bytes` gives so many random bytes."""

    queue: Queue
    layout: Layout
    clock: Clock
    random_bytes: Callable[[int], bytes]
    emit: Callable[[DeliveryEvent], None]
    wake: Callable[[Sequence[Waiting]], None]


class Reporter:
    """See above. `use` gives it a configuration before anything else is asked of it."""

    def __init__(self, ports: ReporterPorts) -> None:
        self._ports: Final = ports
        self._budget: Final = BounceBudget()
        self._nudged: Final = asyncio.Event()
        self._doubtful: Final[set[str]] = set()
        """Reports of which it is not known whether the queue has them."""
        self._folder = Path()
        self._world = World(settings=ReportSettings(), accounts={}, hostname="localhost")
        self._delays_looked_at_s = float("-inf")

    def use(self, world: World, folder: Path) -> None:
        """Report by these settings from now on; the path of a Maildir counts from `folder`."""
        self._world, self._folder = world, folder

    def on_event(self, event: Event) -> None:
        """Look at once when something failed."""
        match event:
            case AttemptFinished(verdicts=verdicts) if any(isinstance(one, Failed) for one in verdicts.values()):
                self._nudged.set()
            case _:
                pass

    async def run(self) -> None:
        """Report until cancelled."""
        while True:
            self._nudged.clear()
            await self.step()
            try:
                async with asyncio.timeout(EVERY.total_seconds()):
                    await self._nudged.wait()
            except TimeoutError:
                continue

    async def step(self) -> int:
        """Make what is owed now; returns how many messages the queue got by it."""
        try:
            await self._owe_delays()
            return await self._settle(await self._ports.queue.owed_reports(BATCH))
        except (MaildError, OSError) as error:
            self._ports.emit(QueueTrouble(detail=f"a report cannot be made now: {error}"))
            return 0

    async def _owe_delays(self) -> None:
        delay, loop = self._world.settings.delay_after, asyncio.get_running_loop()
        if not delay or loop.time() < self._delays_looked_at_s + DELAYS_EVERY.total_seconds():
            return
        now = self._ports.clock.now()
        while await self._ports.queue.owe_delays(received_before=now - delay, now=now, limit=BATCH) == BATCH:
            pass
        self._delays_looked_at_s = loop.time()

    async def _settle(self, owed: Sequence[OwedReport]) -> int:
        mailed = 0
        crowded: dict[str, list[Bounce]] = {}
        for report in owed:
            match judge(report, await self._original(report), self._world):
                case Silence(reason=reason):
                    await self._ports.queue.settle([report])
                    self._tell([report], ReportWay.NONE, reason)
                case Bounce() as bounce if self._room(bounce) > 1:
                    mailed += await self._make_one(bounce)
                case Bounce() as bounce:
                    # Nothing of the message itself is needed for a digest.
                    slim = replace(bounce, dsn=replace(bounce.dsn, returned=None))
                    crowded.setdefault(self._destination(bounce), []).append(slim)
        for bounces in crowded.values():
            if self._room(bounces[0]) > 0:
                mailed += await (self._make_one(bounces[0]) if len(bounces) == 1 else self._make_digest(bounces))
        return mailed

    async def _make_one(self, bounce: Bounce) -> int:
        serial = _serial(bounce.report)
        written = compose_dsn(bounce.dsn, now=self._ports.clock.now(), serial=serial)
        return await self._deliver([bounce], written, serial, (ReportWay.MAIL, ReportWay.MAILDIR))

    async def _make_digest(self, bounces: Sequence[Bounce]) -> int:
        first = bounces[0]
        serial = f"{_serial(first.report)}x{len(bounces)}"
        digest = Digest(
            reporter=self._world.hostname,
            entries=[entry for bounce in bounces for entry in bounce.entries],
            per_hour=self._world.settings.per_hour,
            author=first.dsn.author,
            to=first.dsn.to,
        )
        written = compose_digest(digest, now=self._ports.clock.now(), serial=serial)
        return await self._deliver(bounces, written, serial, (ReportWay.MAIL_DIGEST, ReportWay.MAILDIR_DIGEST))

    async def _deliver(
        self, bounces: Sequence[Bounce], written: Written, serial: str, ways: tuple[ReportWay, ReportWay]
    ) -> int:
        """Send what was written about these; what nobody could be told stays owed. Returns what the queue got by it."""
        first, reports = bounces[0], [bounce.report for bounce in bounces]
        mailed = 0 if first.to is None else await self._queue_up(first, written, serial)
        is_kept = await self._keep(first, written, serial)
        if first.to is None and not is_kept:
            return 0
        self._budget.spend(self._destination(first), self._ports.clock.now())
        await self._ports.queue.settle(reports)
        for way, is_used in zip(ways, (first.to is not None, is_kept), strict=True):
            if is_used:
                self._tell(reports, way, "")
        return mailed

    async def _keep(self, bounce: Bounce, written: Written, serial: str) -> bool:
        """Put it into the Maildir; whether it is there."""
        maildir = self._world.settings.maildir
        if maildir is None:
            return False
        content = _file_of(bounce, written, self._world.hostname)
        name = f"{int(bounce.report.at.timestamp())}.{serial}.{self._world.hostname.replace('/', '_')}"
        try:
            await asyncio.to_thread(deliver_to_maildir, self._folder / maildir, name, content)
        except OSError as error:
            words = f"a report cannot be put into {self._folder / maildir}: {error.strerror or error}"
            self._ports.emit(QueueTrouble(detail=words))
            return False
        return True

    async def _queue_up(self, bounce: Bounce, written: Written, serial: str) -> int:
        now = self._ports.clock.now()
        assert bounce.to is not None
        arrival = Arrival(
            id=make_queue_id(now, self._ports.random_bytes(RANDOM_BYTES)),
            sender=bounce.sender,
            recipients=(bounce.to,),
            head=written.head,
            body=InlineBody(data=written.body),
            message_id=written.message_id,
            received_at=now,
            expires_at=now + LIFETIME,
            account=bounce.account,
            idempotency_key=f"maild report {serial}",
            wish=_NO_REPORT,
            stream=stream_of(Priority.NORMAL, bounce.sender, Header(())),
        )
        try:
            (id_,) = await self._ports.queue.accept([arrival])
        except QueueInDoubtError:
            self._doubtful.add(serial)
            raise
        queued: Sequence[QueuedMessage] = (received(arrival),) if id_ == arrival.id else ()
        if not queued and serial in self._doubtful:
            # The try before took it in, and nobody knows of it who could send it.
            queued = await self._ports.queue.select(QueueFilter(ids=(id_,)))
        self._doubtful.discard(serial)
        self._ports.wake([Waiting.of(message) for message in queued])
        return len(queued)

    async def _original(self, report: OwedReport) -> Original | None:
        message = report.message
        if message.state is MessageState.FAILED:
            limit = MAX_RETURNED_BYTES + 1 if message.wish.is_full else MAX_HEAD_BYTES
            with suppress(OSError):
                return _taken_apart(await asyncio.to_thread(read_kept, self._ports.layout, message.id, limit), limit)
            return None
        shown = await self._ports.queue.show(message.id)
        if shown is None or not shown.head:
            return None
        return Original(head=shown.head, body=shown.body.data if isinstance(shown.body, InlineBody) else None)

    def _room(self, bounce: Bounce) -> int:
        per_hour = self._world.settings.per_hour
        return self._budget.room(self._destination(bounce), per_hour=per_hour, now=self._ports.clock.now())

    def _destination(self, bounce: Bounce) -> str:
        return "" if bounce.to is None else str(bounce.to).lower()

    def _tell(self, reports: Sequence[OwedReport], way: ReportWay, detail: str) -> None:
        for report in reports:
            self._ports.emit(ReportMade(id=report.message.id, occasion=report.occasion, way=way, detail=detail))


def _serial(report: OwedReport) -> str:
    """A word that every attempt to make this report comes to, and no other report."""
    id_: QueueId = report.message.id
    microseconds = int(report.at.timestamp() * 1_000_000)
    return f"{id_.lower()}{report.occasion.value[0]}{microseconds:x}"


def _taken_apart(kept: bytes | None, limit: int) -> Original | None:
    if kept is None:
        return None
    head, blank, body = kept.partition(b"\r\n\r\n")
    if not blank:
        return Original(head=b"", body=None)
    return Original(head=head + b"\r\n", body=None if len(kept) >= limit else body)


def _file_of(bounce: Bounce, written: Written, hostname: str) -> bytes:
    """As a Maildir has it: line ends of files, and a sender in any case."""
    author = b"" if bounce.dsn.author is not None else f"From: {AUTHOR_NAME} <mailer-daemon@{hostname}>\r\n".encode()
    return (author + written.head + b"\r\n" + written.body).replace(b"\r\n", b"\n")

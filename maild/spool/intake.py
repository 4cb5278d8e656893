"""Takes drops into the queue, and out of the drop folder once they are safe there.

The order, of which every gap may be a crash (the words are those handed to `checkpoint`):

    copy the drop, large bodies fsynced (copied) -> commit rows and ledger, one transaction for the batch (committed)
    -> receipts (receipts) -> rename the drop out of everybody's reach -> remove it, then its envelope file (removed)

A crash before the commit leaves the drop untouched; one after it leaves a drop that the ledger knows, and the next
scan writes its receipt and removes it. Trouble with the disk or the queue pauses taking in and loses nothing: the drop
folder is the back-pressure. Never raises but for bugs.
"""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Final

from maild.clock import Clock
from maild.spool import transition
from maild.spool.drop.batch import Batch, DropFolder
from maild.spool.drop.bodies import discard_bodies, discard_body, sync_bodies
from maild.spool.drop.compose import Composer
from maild.spool.drop.listing import Folders
from maild.spool.drop.look import Looker
from maild.spool.drop.outcome import Copied, Refused
from maild.spool.drop.quota import UserLimits, UserQuota
from maild.spool.drop.read import DropReader
from maild.spool.drop.remove import remove_known, set_aside, take_away
from maild.spool.drop.repeat import repeats_of
from maild.spool.drop.stale import without_stale
from maild.spool.drop.told import MAX_REMEMBERED, Told
from maild.spool.events import (
    DropRejected,
    DropTaken,
    IntakePaused,
    IntakeResumed,
    SpoolEvent,
)
from maild.spool.layout import Layout
from maild.spool.leftovers import clear_leftovers
from maild.spool.queue import Queue, QueueError, QueueFilter, QueueId, QueueInDoubtError, Waiting
from maild.spool.receipt import ReceiptWriter
from maild.spool.space import SpaceLimits, space_problem
from maild.spool.trouble import sentence_of, word_of

PAUSE: Final = timedelta(seconds=5)
"""How long to wait before trying again when the disk or the queue is in trouble."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResult:
    """What a scan came to.

    Attributes:
        taken: the new messages, for the schedule.
        look_again_at: when the next scan is due, whatever happens: now, when there is more; None: when something
            happens in the folder.
    """

    taken: tuple[Waiting, ...] = ()
    look_again_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeLimits:
    """`max_bytes` is the size of the largest drop that is taken. Exchange Online can be set to 150 MB, everybody else
    takes a fraction; what a server does not take comes back from it with its own words.
    """

    max_bytes: int = 150 * 1000**2
    space: SpaceLimits = field(default_factory=SpaceLimits)
    users: UserLimits = field(default_factory=UserLimits)


def ignore_checkpoint(name: str) -> None:
    """The checkpoint of everybody but tests."""


def ignore_waiting(waiting: Sequence[Waiting]) -> None:
    """Whoever takes drops in and sends nothing."""


@dataclass(slots=True, kw_only=True)
class Intake:
    """Takes drops in; one scan at a time.

    Attributes:
        random_bytes: gives so many random bytes.
        emit: told after the fact, on the event loop.
        lifetime: of new messages; may be changed between scans, and so may `limits`.
        wake: told of new messages as soon as they are safe in the queue.
        hostname: for the Message-ID of a message whose header names no sender.
        checkpoint: called between the steps, possibly in a thread; a test may end the process there.
    """

    layout: Layout
    queue: Queue
    receipts: ReceiptWriter
    clock: Clock
    random_bytes: Callable[[int], bytes]
    emit: Callable[[SpoolEvent], None]
    lifetime: timedelta
    wake: Callable[[Sequence[Waiting]], None] = ignore_waiting
    hostname: str = "localhost"
    limits: IntakeLimits = field(default_factory=IntakeLimits)
    checkpoint: Callable[[str], None] = ignore_checkpoint
    _folder: DropFolder = field(init=False)
    _serial: Iterator[int] = field(init=False, default_factory=count)
    _told: Told = field(init=False)
    _quota: UserQuota = field(init=False, default_factory=lambda: UserQuota(UserLimits()))
    _doubtful: Sequence[Copied] = field(init=False, default=())
    _is_paused: bool = field(init=False, default=False)
    _is_cleared: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._folder = DropFolder(os.fspath(self.layout.drop))
        self._told = Told(self.emit)

    def note_placed(self, drop: str) -> None:
        """Somebody saw this drop being renamed into place, so it is complete; `drop` is its name below `drop/`."""
        if len(self._folder.placed) >= MAX_REMEMBERED:
            self._folder.placed.clear()
        self._folder.placed.add(drop)

    async def scan(self) -> ScanResult:
        """Take in the next batch of drops, oldest first."""
        now = self.clock.now()
        # What is in the queue must be told whatever goes wrong after it: nobody else would wake the schedule for it.
        taken: list[Waiting] = []
        try:
            if not self._is_cleared:
                await clear_leftovers(self._folder.path, self.queue)
                self._is_cleared = True
            await self._accept(self._doubtful, now, taken)
            batch = await asyncio.to_thread(self._read, now)
            copied = await without_stale(self._folder.path, self.queue, batch.copied)
            await self._accept(copied, now, taken)
            await self._reject(batch.refused, now)
        except _SpaceError as problem:
            return self._pause("no_space", str(problem), now, taken)
        except QueueError as error:
            return self._pause("queue", str(error), now, taken)
        except OSError as error:
            return self._pause(word_of(error), sentence_of(error), now, taken)
        for one in batch.unreadable:
            self._told.stays(one.found.drop, one.detail)
        for crowded in batch.crowded:
            self._told.crowded(crowded, now)
        if self._is_paused:
            self._is_paused = False
            self.emit(IntakeResumed())
        # A drop whose envelope file was another's is still there, to be read by its header.
        is_more = len(copied) < len(batch.copied)
        return ScanResult(taken=tuple(taken), look_again_at=now if is_more else _look_again_at(batch, now))

    def _read(self, now: datetime) -> Batch:
        """In a thread."""
        problem = space_problem(self._folder.path, self.limits.space)
        if problem is not None:
            raise _SpaceError(problem)
        if not self._folder.listed:
            self._serial = count()
        composer = Composer(
            now=now,
            lifetime=self.lifetime,
            bodies=self.layout.bodies,
            random_bytes=self.random_bytes,
            hostname=self.hostname,
            serial=self._serial,
        )
        now_ns = (now - _EPOCH) // timedelta(microseconds=1) * 1000
        self._quota.limits = self.limits.users
        looker = Looker(seen=self._folder.seen, now_ns=now_ns, was_placed=self._folder.placed.__contains__)
        max_bytes = self.limits.max_bytes
        passes_by = partial(self._folder.is_stuck, now_ns=now_ns)
        batch = self._folder.read_batch(
            DropReader(composer=composer, looker=looker, max_bytes=max_bytes, quota=self._quota, passes_by=passes_by)
        )
        sync_bodies(self.layout.bodies, batch.copied)
        self.checkpoint("copied")
        return batch

    async def _accept(self, copied: Sequence[Copied], now: datetime, taken: list[Waiting]) -> None:
        if not copied:
            return
        try:
            ids = await self.queue.accept([one.arrival for one in copied])
        except QueueInDoubtError:
            # Their rows may yet turn up, and then need their bodies: the same copies are offered again.
            self._doubtful = copied
            raise
        except QueueError:
            if copied is not self._doubtful:
                await asyncio.to_thread(discard_bodies, copied)
            raise
        self._doubtful = ()
        self.checkpoint("committed")
        fresh = [one for one, id_ in zip(copied, ids, strict=True) if one.arrival.id == id_]
        messages = [transition.received(one.arrival) for one in fresh]
        taken += [Waiting.of(message) for message in messages]
        # Asked for before anybody can send one: the receipt of "sent" must not be overtaken by that of "queued".
        receipts = self.receipts.begin(messages)
        for one in fresh:
            self.emit(
                DropTaken(
                    drop=one.found.drop,
                    id=one.arrival.id,
                    size_bytes=one.arrival.size_bytes,
                    recipient_count=len(one.arrival.recipients),
                    taken_at=now,
                    notes=one.arrival.notes,
                )
            )
        self.wake(taken)
        known = [(one, id_) for one, id_ in zip(copied, ids, strict=True) if one.arrival.id != id_]
        earlier = await self.queue.select(QueueFilter(ids=tuple(id_ for _, id_ in known))) if known else ()
        # At once, for the same reason: these may be on their way already.
        more_receipts = self.receipts.begin(earlier)
        await receipts
        await more_receipts
        repeats = repeats_of(known, earlier, now)
        await self.receipts.repeated(repeats)
        self.checkpoint("receipts")
        for one, problem in await asyncio.to_thread(self._take_away, copied, ids):
            self._folder.stuck[one.source] = (now - _EPOCH) // timedelta(microseconds=1) * 1000
            self._told.stays(one.found.drop, f"it was taken in but cannot be removed: {problem}")
        for repeat in repeats:
            self.emit(repeat)

    def _take_away(self, copied: Sequence[Copied], ids: Sequence[QueueId]) -> list[tuple[Copied, str]]:
        """In a thread; returns those that could not be removed, and why."""
        stuck = []
        with Folders(self._folder.path) as folders:
            for one, id_ in zip(copied, ids, strict=True):
                if one.arrival.id != id_:
                    discard_body(one)
                self._folder.placed.discard(one.found.drop)
                try:
                    take_away(folders.descriptor(one.found.account), one, id_, self.checkpoint)
                except OSError as error:
                    stuck.append((one, sentence_of(error)))
        self.checkpoint("removed")
        return stuck

    async def _reject(self, refused: Sequence[Refused], now: datetime) -> None:
        for one in refused:
            known = None if one.source is None else await self.queue.is_taken(one.source)
            if known is not None:
                # Taken in before the crash by a maild that was content with it; only the removal is missing.
                await asyncio.to_thread(self._remove_known, one)
                continue
            # First: after a crash nobody would, because the drop is not there to be judged again.
            await self.receipts.rejected(one.found.drop, one.reason, one.detail, now)
            try:
                await asyncio.to_thread(self._set_aside, one, now)
            except OSError as error:
                detail = f"it is no message ({one.detail}) but cannot be moved: {sentence_of(error)}"
                self._told.stays(one.found.drop, detail)
                continue
            self.checkpoint("set_aside")
            self.emit(DropRejected(drop=one.found.drop, reason=one.reason, detail=one.detail, rejected_at=now))

    def _set_aside(self, refused: Refused, now: datetime) -> None:
        """In a thread."""
        with Folders(self._folder.path) as folders:
            set_aside(folders.descriptor(refused.found.account), refused, self.layout.rejected, at=now)

    def _remove_known(self, refused: Refused) -> None:
        """In a thread."""
        if refused.source is not None:
            with Folders(self._folder.path) as folders:
                remove_known(folders.descriptor(refused.found.account), refused.found.name, refused.source)

    def _pause(self, reason: str, detail: str, now: datetime, taken: Sequence[Waiting]) -> ScanResult:
        self._folder.forget_listing()
        if not self._is_paused:
            self._is_paused = True
            self.emit(IntakePaused(reason=reason, detail=detail))
        return ScanResult(taken=tuple(taken), look_again_at=now + PAUSE)


class _SpaceError(Exception):
    """There is too little room to take anything in."""


def _look_again_at(batch: Batch, now: datetime) -> datetime | None:
    # Rounded up: a look that comes a moment too early only has to wait again.
    return None if batch.wait_ns is None else now + timedelta(microseconds=-(-batch.wait_ns // 1000))

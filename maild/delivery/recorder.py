"""The recorder: writes what happened. Outcome to disk first, tell observers second, schedule third (the engine's part).

A record that cannot be written is tried for as long as it takes, with growing pauses: meanwhile the message stays
SENDING and is not sent again, and the session that brought the verdict waits, so that a full disk stops the sending
instead of losing what is known. Messages that failed are kept in `failed/` before the queue forgets their content.

Receipts are written behind, in batches, by a task of their own: they are derived, so a crash loses no mail, and
the newest state of a message replaces an older one that nobody has written yet.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final, TypeVar

from maild.delivery.attempt import Attempt
from maild.delivery.events import QueueTrouble
from maild.delivery.ports import EnginePorts
from maild.errors import MaildError
from maild.spool.queue import AttemptRecord, MessageState, QueuedMessage, QueueId
from maild.spool.transition import recorded

T = TypeVar("T")

LONGEST_PAUSE: Final = timedelta(minutes=1)

RECEIPTS_BEHIND: Final = 2000
"""Messages whose receipts may wait to be written; then the writers of verdicts wait with them."""


class Recorder:
    """Writes records, kept failures and receipts; knows whether the storage works."""

    def __init__(self, ports: EnginePorts, storage_pause: timedelta) -> None:
        self._ports: Final = ports
        self._first_pause: Final = storage_pause
        self._receipts: dict[QueueId, QueuedMessage] = {}
        self._has_receipts = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self.trouble = ""
        """Why the storage does not take anything now, empty when it does."""

    async def finish(self, attempt: Attempt, record: AttemptRecord) -> QueuedMessage:
        """Write a record of an attempt, however long it takes; returns the message as it is now."""
        attempt.unwritten = record
        messages = await self.persist(lambda: self._write_one(attempt, record))
        attempt.unwritten = None
        attempt.message = messages[0] if messages else attempt.message
        await self.owe_receipts(messages)
        return attempt.message

    async def finish_many(self, writes: Sequence[tuple[Attempt, AttemptRecord]]) -> None:
        """Write records of attempts that were given back: none of them failed, so one transaction does."""
        records = [record for _, record in writes]
        messages = {message.id: message for message in await self.persist(lambda: self._ports.queue.record(records))}
        for attempt, record in writes:
            attempt.message = messages.get(record.id, attempt.message)
        with_news = {record.id for record in records if record.verdicts}
        await self.owe_receipts([message for message in messages.values() if message.id in with_news])

    async def persist(self, write: Callable[[], Awaitable[T]]) -> T:
        """Do something with the storage until it works. Each failure is told, each pause is longer."""
        pause = self._first_pause
        while True:
            try:
                done = await write()
            except (OSError, MaildError) as error:
                self.complain(error)
                await asyncio.sleep(pause.total_seconds())
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                self.trouble = ""
                return done

    def complain(self, error: Exception) -> None:
        """Tell observers that the storage failed."""
        self.trouble = str(error)
        self._ports.emit(QueueTrouble(detail=self.trouble))

    async def owe_receipts(self, messages: Sequence[QueuedMessage]) -> None:
        """The receipts of these messages are to be brought up to date; waits when too many are owed already."""
        if not messages:
            return
        await self._has_room.wait()
        for message in messages:
            self._receipts[message.id] = message
        self._has_receipts.set()
        if len(self._receipts) >= RECEIPTS_BEHIND:
            self._has_room.clear()

    async def write_receipts(self) -> None:
        """Write receipts as they become due, until cancelled."""
        while True:
            await self._has_receipts.wait()
            await self.persist(self.flush_receipts)

    async def flush_receipts(self) -> None:
        """Write what is owed, once. What a failure leaves unwritten stays owed, unless something newer is by then."""
        batch, self._receipts = self._receipts, {}
        self._has_receipts.clear()
        try:
            await self._ports.receipts.write(tuple(batch.values()))
        except BaseException:
            self._receipts = {**batch, **self._receipts}
            self._has_receipts.set()
            raise
        self._has_room.set()

    async def write_once(self, attempt: Attempt, record: AttemptRecord) -> None:
        """Write a record with one try: the last one, when the engine ends.

        Raises:
            OSError, MaildError: it could not be written; recovery at the next start finds the message as it is.
        """
        for message in await self._write_one(attempt, record):
            self._receipts[message.id] = message

    async def _write_one(self, attempt: Attempt, record: AttemptRecord) -> tuple[QueuedMessage, ...]:
        if record.next_state is MessageState.FAILED:
            final = recorded(attempt.message, record) or attempt.message
            await asyncio.to_thread(self._ports.failures.keep, attempt.leased, final)
        return await self._ports.queue.record([record])

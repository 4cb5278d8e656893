"""The queue port on SQLite. Every method is one operation of the worker; what it does to a message is a transition.

`recover` makes this object the one that sends. All others (`maild queue` in another process) leave a nudge for
whatever they change, which `changed` of the sending one finds. What can go wrong is `QueueError`.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Final

from maild.mail.address import Mailbox
from maild.mail.verdict import Delivered
from maild.spool import transition
from maild.spool.allowance import Allowance
from maild.spool.queue import (
    Arrival,
    AttemptRecord,
    Census,
    Leased,
    MessageState,
    OwedReport,
    QueuedMessage,
    QueueFilter,
    QueueId,
    SourceIdentity,
    Span,
    Waiting,
)
from maild.spool.sqlite import allowances, debts, survey
from maild.spool.sqlite.ledger import find_in_ledger, forget_ledger, write_ledger
from maild.spool.sqlite.messages import NO_CONTENT, Change, Messages
from maild.spool.sqlite.rows import minute_number
from maild.spool.sqlite.selection import select_messages
from maild.spool.sqlite.worker import OnCommit, Transaction, Worker

ORPHAN_AGE: Final = timedelta(hours=1)
"""A body file without a row may be one whose row is about to be written by another process; after this it is not."""


class SqliteQueue:
    """Implements `maild.spool.queue.Queue`.

    Args:
        path: the database; made when it is not there.
        bodies: the folder of large bodies.
        writer: a number that tells this object from others that have the same file open; the process id does.
        on_commit: told on the event loop how many seconds the disk took to make a transaction durable.
    """

    def __init__(
        self, path: Path, bodies: Path, *, writer: int | None = None, on_commit: OnCommit | None = None
    ) -> None:
        self._bodies = bodies
        self._worker = Worker(path, bodies, on_commit)
        self._messages = Messages(bodies)
        self._writer = os.getpid() if writer is None else writer
        self._is_sender = False
        # Taken out by transactions of which it is not known yet whether they were committed.
        self._leasing: set[QueueId] = set()
        self._data_version = -1

    async def accept(self, arrivals: Sequence[Arrival]) -> tuple[QueueId, ...]:
        """See the port."""
        return await self._worker.write(lambda transaction: self._accept(transaction, arrivals))

    async def is_taken(self, source: SourceIdentity) -> QueueId | None:
        """See the port."""
        return await self._worker.read(lambda transaction: find_in_ledger(transaction.connection, source))

    async def recover(self, *, now: datetime) -> tuple[QueuedMessage, ...]:
        """See the port."""
        self._is_sender = True
        return await self._worker.write(lambda transaction: self._recover(transaction, now))

    async def census(self) -> Census:
        """See the port."""
        return await self._worker.read(survey.census)

    async def waiting(self, spans: Sequence[Span]) -> tuple[tuple[Waiting, ...], ...]:
        """See the port."""
        return await self._worker.read(lambda transaction: survey.waiting(transaction, spans))

    async def due(self, *, now: datetime) -> int:
        """See the port."""
        return await self._worker.read(lambda transaction: survey.due(transaction, now))

    async def changed(self) -> tuple[QueuedMessage, ...]:
        """See the port."""
        version = await self._worker.read(survey.data_version)
        if version == self._data_version:
            return ()
        self._data_version = version
        return await self._worker.write(self._take_nudges)

    async def lease(self, ids: Sequence[QueueId], *, now: datetime, next_at: datetime) -> tuple[Leased, ...]:
        """See the port."""

        def leased(message: QueuedMessage) -> QueuedMessage | None:
            if message.state is MessageState.SENDING and message.id in self._leasing:
                # By the try before this one, whose commit was in doubt and was done: nobody else would send it.
                return message
            return transition.leased(message, now=now, next_at=next_at)

        def operation(transaction: Transaction) -> tuple[Leased, ...]:
            changed = self._messages.change(transaction, ids, leased)
            self._leasing.update(after.id for _, _, after in changed)
            contents = self._messages.contents(
                transaction.connection, [(number, after) for number, _, after in changed]
            )
            return tuple(
                [
                    Leased(message=after, head=head, body=body, stood_still=transition.stood_still(before, now=now))
                    for number, before, after in changed
                    for head, body in (contents.get(number, (b"", NO_CONTENT)),)
                ]
            )

        taken = await self._worker.write(operation)
        self._leasing.difference_update(ids)
        return taken

    async def add_copy(self, id_: QueueId, mailbox: Mailbox) -> None:
        """See the port."""
        await self._change((id_,), lambda message: transition.with_copy(message, mailbox))

    async def mark_dot(self, id_: QueueId, recipients: Sequence[Mailbox], *, now: datetime) -> None:
        """See the port."""
        await self._change((id_,), lambda message: transition.dot_marked(message, recipients, now=now))

    async def record(self, records: Sequence[AttemptRecord]) -> tuple[QueuedMessage, ...]:
        """See the port."""
        return await self._worker.write(
            lambda transaction: tuple(chain.from_iterable(self._record(transaction, record) for record in records))
        )

    async def show(self, id_: QueueId) -> Leased | None:
        """See the port."""

        def operation(transaction: Transaction) -> Leased | None:
            connection = transaction.connection
            for number, message in self._messages.load(connection, (id_,)):
                head, body = self._messages.contents(connection, [(number, message)]).get(number, (b"", NO_CONTENT))
                return Leased(message=message, head=head, body=body)
            return None

        return await self._worker.read(operation)

    async def select(self, wanted: QueueFilter) -> tuple[QueuedMessage, ...]:
        """See the port."""
        return await self._worker.read(
            lambda transaction: select_messages(transaction.connection, self._messages, wanted)
        )

    async def hold(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        """See the port."""
        return await self._change(ids, lambda message: transition.held(message, now=now))

    async def release(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        """See the port."""
        return await self._change(ids, lambda message: transition.released(message, now=now))

    async def retry(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        """See the port."""
        return await self._change(ids, lambda message: transition.retried(message, now=now))

    async def delete(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        """See the port."""
        return await self._change(ids, lambda message: transition.deleted(message, now=now))

    async def owed_reports(self, limit: int) -> tuple[OwedReport, ...]:
        """See the port."""
        return await self._worker.read(lambda work: debts.read_owed(work.connection, self._messages, limit))

    async def owe_delays(self, *, received_before: datetime, now: datetime, limit: int) -> int:
        """See the port."""
        span = (received_before, now)
        return await self._worker.write(lambda work: debts.owe_delays(work.connection, self._messages, span, limit))

    async def settle(self, reports: Sequence[OwedReport]) -> None:
        """See the port."""
        await self._worker.write(lambda work: debts.settle(work.connection, reports))

    async def counts(self) -> Mapping[MessageState, int]:
        """See the port."""
        return await self._worker.read(survey.counts)

    async def lately_done(self, within: timedelta) -> tuple[str, ...]:
        """See the port."""
        return await self._worker.read(lambda transaction: survey.lately_done(transaction, within))

    async def uncertain(self) -> int:
        """See the port."""
        return await self._worker.read(survey.uncertain)

    async def sent_since(self, since: datetime) -> Mapping[str, int]:
        """See the port."""
        return await self._worker.read(
            lambda transaction: dict(
                transaction.connection.execute(
                    "SELECT account, sum(recipients) FROM sent WHERE minute >= ? GROUP BY account",
                    (minute_number(since),),
                )
            )
        )

    async def allowances(self, *, now: datetime) -> Mapping[str, tuple[Allowance, ...]]:
        """See the port."""
        return await self._worker.read(lambda work: allowances.read_allowances(work.connection, now))

    async def set_allowances(self, allowances_of: Mapping[str, Sequence[Allowance]]) -> None:
        """See the port."""
        await self._worker.write(lambda work: allowances.write_allowances(work.connection, allowances_of))

    async def purge(self, *, before: datetime) -> int:
        """See the port. Done in small transactions, so that nobody waits for it."""
        messages = 0
        while forgotten := await self._worker.write(lambda transaction: survey.purge_messages(transaction, before)):
            messages += forgotten
        while await self._worker.write(lambda transaction: forget_ledger(transaction.connection, before)):
            pass
        await self._worker.write(lambda transaction: survey.purge_sent(transaction, before))
        return messages

    async def close(self) -> None:
        """See the port."""
        await self._worker.close()

    # From here on: within a transaction, in the worker's thread.

    def _accept(self, transaction: Transaction, arrivals: Sequence[Arrival]) -> tuple[QueueId, ...]:
        connection = transaction.connection
        earlier = write_ledger(connection, arrivals)
        known = list(zip(arrivals, earlier, strict=True))
        added = [(arrival, transition.received(arrival)) for arrival, before in known if before is None]
        self._messages.insert(connection, added)
        self._nudge(transaction, [arrival.id for arrival, _ in added])
        return tuple(arrival.id if before is None else before for arrival, before in known)

    def _recover(self, transaction: Transaction, now: datetime) -> tuple[QueuedMessage, ...]:
        connection = transaction.connection
        # Everything is about to be read afresh.
        connection.execute("DELETE FROM nudges")
        query = "SELECT id FROM messages WHERE state = 'sending' ORDER BY number"
        ids = [QueueId(id_) for (id_,) in connection.execute(query)]
        changed = self._messages.change(transaction, ids, lambda message: transition.recovered(message, now=now))
        transaction.obsolete_files += self._orphans(self._messages.body_files(connection), now)
        return tuple(after for _, _, after in changed)

    def _orphans(self, used: frozenset[str], now: datetime) -> Iterator[Path]:
        young = (now - ORPHAN_AGE).timestamp()
        with suppress(FileNotFoundError), os.scandir(self._bodies) as entries:
            for entry in entries:
                if entry.name not in used and entry.stat(follow_symlinks=False).st_mtime < young:
                    yield self._bodies / entry.name

    def _take_nudges(self, transaction: Transaction) -> tuple[QueuedMessage, ...]:
        connection = transaction.connection
        query = "SELECT id FROM nudges WHERE writer <> ? ORDER BY id"
        ids = [QueueId(id_) for (id_,) in connection.execute(query, (self._writer,))]
        connection.execute("DELETE FROM nudges")
        found = {message.id: message for _, message in self._messages.load(connection, ids)}
        return tuple(found[id_] for id_ in ids if id_ in found)

    def _record(self, transaction: Transaction, record: AttemptRecord) -> tuple[QueuedMessage, ...]:
        changed = self._messages.change(transaction, (record.id,), lambda message: transition.recorded(message, record))
        if not changed:
            return tuple(message for _, message in self._messages.load(transaction.connection, (record.id,)))
        _, before, after = changed[0]
        occasions = transition.reports_owed(before, after)
        if occasions:
            debts.owe(transaction.connection, after, occasions, record.finished_at)
        delivered = sum(
            1
            for recipient in before.recipients
            if not recipient.is_final and isinstance(record.verdicts.get(recipient.mailbox), Delivered)
        )
        if delivered:
            transaction.pending.count_sent(record.account or "", minute_number(record.finished_at), delivered)
        return (after,)

    async def _change(self, ids: Sequence[QueueId], change: Change) -> tuple[QueuedMessage, ...]:
        def operation(transaction: Transaction) -> tuple[QueuedMessage, ...]:
            changed = self._messages.change(transaction, ids, change)
            self._nudge(transaction, [after.id for _, _, after in changed])
            return tuple(after for _, _, after in changed)

        return await self._worker.write(operation)

    def _nudge(self, transaction: Transaction, ids: Sequence[QueueId]) -> None:
        if not self._is_sender:
            transaction.connection.executemany(
                "REPLACE INTO nudges (id, writer) VALUES (?, ?)", [(id_, self._writer) for id_ in ids]
            )

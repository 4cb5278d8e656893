"""The queue port on PostgreSQL, for many hosts. Every method is one transaction; what it does to a message is a
transition, as in every queue.

A message in SENDING belongs to one owner (`owners`). This object remembers which of its own it leased a message by, and
writes nothing for a message that is not that owner's any more: a host that was paused past its lease cannot write a
verdict, and does not get as far as the dot. `recover` makes this object the one that sends on its host; from then on
`changed` also takes over what hosts had that are gone.

What can go wrong is `QueueError`.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from maild.mail.address import Mailbox
from maild.spool import transition
from maild.spool.allowance import Allowance
from maild.spool.moving import Moved
from maild.spool.postgres import allowances, debts, survey
from maild.spool.postgres.address import Address
from maild.spool.postgres.attempts import Attempts
from maild.spool.postgres.contents import NO_CONTENT, insert_contents, read_contents
from maild.spool.postgres.leases import Leases
from maild.spool.postgres.ledger import find_in_ledger, forget_ledger, write_ledger
from maild.spool.postgres.link import Connection, Link
from maild.spool.postgres.messages import Change, changes_of, insert, known_ids, load_ids, write
from maild.spool.postgres.nudges import Teller, nudge, take_nudges
from maild.spool.postgres.orphans import orphans, remove
from maild.spool.postgres.owners import LEASE, take_over
from maild.spool.postgres.schema import doubts_of, require_current
from maild.spool.postgres.selection import select_messages
from maild.spool.postgres.verdicts import Copy, Mark
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


class PostgresQueue:
    """Implements `maild.spool.queue.Queue`.

    Args:
        address: of the database.
        host: what tells this host's spool from others, for ever; empty for who has no spool here.
        bodies: the folder for copies of large bodies.
        lease: how long this host is believed to be at work without a sign of it.
    """

    def __init__(self, address: Address, *, host: str, bodies: Path, lease: timedelta = LEASE) -> None:
        self._bodies: Final = bodies
        self._link: Final = Link(address, require_current)
        self._leases: Final = Leases(self._link, host, lease)
        self._attempts: Final = Attempts(self._link, self._leases, lambda: self._me, bodies)
        self._recorded: Final[set[QueueId]] = set()
        """Since news was asked for."""
        self._me = Teller(host=host, name=f"{os.getpid()}/{id(self):x}", is_sender=False)

    async def doubts(self) -> tuple[str, ...]:
        """Sentences about settings of the database with which mail may be lost."""
        return await self._link.run(doubts_of)

    async def accept(self, arrivals: Sequence[Arrival]) -> tuple[QueueId, ...]:
        """See the port. What has the id of a message that is there already is that message."""
        added = [(one, transition.received(one)) for one in arrivals]
        return await self._link.run(lambda connection: self._add(connection, added))

    async def adopt(self, moved: Sequence[Moved]) -> tuple[QueueId, ...]:
        """Take messages in as another queue had them, all or none; returns the ids of those that they are now.

        One that is there already stays as it is; one whose key another message has is that message.
        """

        async def operation(connection: Connection) -> tuple[QueueId, ...]:
            ids = await self._add(connection, [(one.arrival, one.content.message) for one in moved])
            for one, id_ in zip(moved, ids, strict=True):
                for at, occasion in one.owed if id_ == one.content.message.id else ():
                    await debts.owe(connection, one.content.message, (occasion,), at)
            return ids

        return await self._link.run(operation)

    async def is_taken(self, source: SourceIdentity) -> QueueId | None:
        """See the port."""
        return await self._link.run(lambda connection: find_in_ledger(connection, self._me.host, source))

    async def recover(self, *, now: datetime) -> tuple[QueuedMessage, ...]:
        """See the port. Puts back what this host left, and what hosts left that are gone."""
        self._me = replace(self._me, is_sender=True)
        self._leases.forget()

        async def operation(connection: Connection) -> tuple[tuple[QueuedMessage, ...], Sequence[Path]]:
            recovered = await self._take_over(connection, now, is_restart=True)
            # Everything is about to be read afresh.
            await take_nudges(connection, self._me)
            return recovered, await orphans(connection, self._bodies, now)

        recovered, files = await self._link.run(operation)
        remove(files)
        return recovered

    async def census(self) -> Census:
        """See the port."""
        return await self._link.run(survey.census)

    async def waiting(self, spans: Sequence[Span]) -> tuple[tuple[Waiting, ...], ...]:
        """See the port."""
        return await self._link.run(lambda connection: survey.waiting(connection, spans))

    async def due(self, *, now: datetime) -> int:
        """See the port."""
        return await self._link.run(lambda connection: survey.due(connection, now))

    async def changed(self) -> tuple[QueuedMessage, ...]:
        """See the port. For who sends that is also what was taken over."""
        return await self.news(())

    async def news(self, ids: Sequence[QueueId]) -> tuple[QueuedMessage, ...]:
        """What `changed` returns, and these messages as they are now.

        What this host records meanwhile is left out: whoever records it knows it better than this.
        """

        async def operation(connection: Connection) -> list[QueuedMessage]:
            found: list[QueuedMessage] = []
            if self._me.is_sender and (now := await self._leases.gone_since(connection)) is not None:
                found += await self._take_over(connection, now, is_restart=False)
            found += await take_nudges(connection, self._me)
            return found + [one.message for one in await load_ids(connection, self._me.host, ids)]

        self._recorded.clear()
        found = {message.id: message for message in await self._link.run(operation)}
        return tuple(message for id_, message in found.items() if id_ not in self._recorded)

    async def lease(self, ids: Sequence[QueueId], *, now: datetime, next_at: datetime) -> tuple[Leased, ...]:
        """See the port. What another transaction has in hand at the moment is left out too."""
        return await self._leases.lease(ids, self._bodies, now=now, next_at=next_at)

    async def add_copy(self, id_: QueueId, mailbox: Mailbox) -> None:
        """See the port."""
        await self._attempts.add_copy(Copy(id=id_, mailbox=mailbox))

    async def mark_dot(self, id_: QueueId, recipients: Sequence[Mailbox], *, now: datetime) -> None:
        """See the port.

        Raises:
            QueueError: the lease was lost, so the end must not be sent; or the storage failed.
        """
        await self._attempts.mark_dot(Mark(id=id_, recipients=recipients, now=now))

    async def record(self, records: Sequence[AttemptRecord]) -> tuple[QueuedMessage, ...]:
        """See the port. A record of a lease that was lost changes nothing."""
        written = await self._attempts.record(records)
        self._recorded.update(record.id for record in records)
        return written

    async def show(self, id_: QueueId) -> Leased | None:
        """See the port."""

        async def operation(connection: Connection) -> Leased | None:
            for one in await load_ids(connection, self._me.host, (id_,)):
                contents = await read_contents(connection, self._bodies, (id_,))
                head, body = contents.get(id_, NO_CONTENT)
                return Leased(message=one.message, head=head, body=body)
            return None

        return await self._link.run(operation)

    async def select(self, wanted: QueueFilter) -> tuple[QueuedMessage, ...]:
        """See the port."""
        return await self._link.run(lambda connection: select_messages(connection, self._me.host, wanted))

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
        return await self._link.run(lambda connection: debts.read_owed(connection, self._me.host, limit))

    async def owe_delays(self, *, received_before: datetime, now: datetime, limit: int) -> int:
        """See the port."""
        span = (received_before, now)
        return await self._link.run(lambda connection: debts.owe_delays(connection, self._me.host, span, limit))

    async def settle(self, reports: Sequence[OwedReport]) -> None:
        """See the port."""
        await self._link.run(lambda connection: debts.settle(connection, reports))

    async def counts(self) -> Mapping[MessageState, int]:
        """See the port."""
        return await self._link.run(survey.counts)

    async def lately_done(self, within: timedelta) -> tuple[str, ...]:
        """See the port. Only drops of this host, which is where their receipts are."""
        return await self._link.run(lambda connection: survey.lately_done(connection, self._me.host, within))

    async def uncertain(self) -> int:
        """See the port."""
        return await self._link.run(survey.uncertain)

    async def sent_since(self, since: datetime) -> Mapping[str, int]:
        """See the port. Of all hosts together."""
        return await self._link.run(lambda connection: survey.sent_since(connection, since))

    async def allowances(self, *, now: datetime) -> Mapping[str, tuple[Allowance, ...]]:
        """See the port."""
        return await self._link.run(lambda connection: allowances.read_allowances(connection, now))

    async def set_allowances(self, allowances_of: Mapping[str, Sequence[Allowance]]) -> None:
        """See the port."""
        await self._link.run(lambda connection: allowances.write_allowances(connection, allowances_of))

    async def purge(self, *, before: datetime) -> int:
        """See the port. Done in small transactions, so that nobody waits for it."""
        messages = 0
        while forgotten := await self._link.run(lambda connection: survey.purge_messages(connection, before)):
            messages += forgotten
        while await self._link.run(lambda connection: forget_ledger(connection, before)):
            pass
        await self._link.run(lambda connection: survey.purge_rest(connection, before))
        return messages

    async def close(self) -> None:
        """See the port."""
        await self._attempts.close()
        await self._leases.close()
        await self._link.close()

    async def _add(self, connection: Connection, added: Sequence[tuple[Arrival, QueuedMessage]]) -> tuple[QueueId, ...]:
        arrivals = [arrival for arrival, _ in added]
        earlier = await write_ledger(connection, self._me.host, arrivals)
        there = await known_ids(connection, [one.id for one in arrivals])
        new = [
            (arrival, message)
            for (arrival, message), before in zip(added, earlier, strict=True)
            if before is None and arrival.id not in there
        ]
        await insert(connection, self._me.host, new)
        await insert_contents(connection, [arrival for arrival, _ in new])
        if not self._me.is_sender:
            await nudge(connection, self._me, [(arrival.id, self._me.host) for arrival, _ in new])
        return tuple(one.id if before is None else before for one, before in zip(arrivals, earlier, strict=True))

    async def _change(self, ids: Sequence[QueueId], how: Change) -> tuple[QueuedMessage, ...]:
        async def operation(connection: Connection) -> tuple[tuple[QueuedMessage, ...], frozenset[str]]:
            changed = await changes_of(connection, self._me.host, ids, how)
            bodies = await write(connection, changed)
            await nudge(connection, self._me, [(one.after.id, one.before.origin) for one in changed])
            return tuple(one.after for one in changed), bodies

        messages, bodies = await self._link.run(operation)
        remove(self._bodies / name for name in bodies)
        return messages

    async def _take_over(self, connection: Connection, now: datetime, *, is_restart: bool) -> tuple[QueuedMessage, ...]:
        terms = (now, self._leases.duration)
        taken = await take_over(connection, self._me.host, terms, is_restart=is_restart)
        await nudge(connection, self._me, [(one.after.id, one.before.origin) for one in taken])
        return tuple(one.after for one in taken)

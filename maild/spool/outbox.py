"""The embedded queue as a host's outbox: what was taken in and is to go on to another queue, with all that is known.

It is the same file as the embedded queue's, with the same ledger. So a site that begins to share its queue takes along
what waits, and one that stops goes on with what it takes in.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from maild.spool import transition
from maild.spool.durable import replace_synced, sync_folder
from maild.spool.moving import Moved
from maild.spool.queue import Body, FileBody, MessageState, QueueFilter, QueueId
from maild.spool.sqlite import SqliteQueue
from maild.spool.sqlite.debts import owe, owed_about
from maild.spool.sqlite.ledger import find_keys, write_ledger
from maild.spool.sqlite.worker import Transaction

MOVABLE: Final = (MessageState.QUEUED, MessageState.HELD)
_PIECE_BYTES: Final = 256 * 1024
_BODY_MODE: Final = 0o600


class Outbox(SqliteQueue):
    """See above."""

    async def waiting_to_go(self, limit: int) -> tuple[Moved, ...]:
        """The oldest that are not being sent."""
        messages = await self.select(QueueFilter(states=MOVABLE, limit=limit))
        shown = [one for message in messages if (one := await self.show(message.id)) is not None]
        ids = [one.message.id for one in shown]

        def operation(transaction: Transaction) -> tuple[Moved, ...]:
            keys, owed = find_keys(transaction.connection, ids), owed_about(transaction.connection, ids)
            return tuple(
                Moved(content=one, key=keys.get(one.message.id), owed=owed.get(one.message.id, ())) for one in shown
            )

        return await self._worker.read(operation)

    async def pass_on(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueueId, ...]:
        """These are kept elsewhere: forget them, but for the ledger. Returns those that were here and not being sent.

        No history is left of them: they may come back one day, and are none of those that are known then.
        """

        def operation(transaction: Transaction) -> tuple[QueueId, ...]:
            changed = self._messages.change(transaction, ids, lambda message: transition.deleted(message, now=now))
            self._messages.erase(transaction.connection, [number for number, _, _ in changed])
            return tuple(after.id for _, _, after in changed)

        return await self._worker.write(operation)

    async def take_to_move(self, limit: int) -> tuple[Moved, ...]:
        """The same, for who has the spool's lock: nobody else sends from here."""
        return await self.waiting_to_go(limit)

    async def moved_away(self, moved: Sequence[Moved], *, now: datetime) -> tuple[QueueId, ...]:
        """These are kept elsewhere: forget them. Returns those that were still here."""
        return await self.pass_on([one.content.message.id for one in moved], now=now)

    async def adopt(self, moved: Sequence[Moved]) -> tuple[QueueId, ...]:
        """Take messages in as another queue had them, all or none; returns the ids of those that they are now.

        One that is there already stays as it is; one whose key another message has is that message. Large bodies are
        copied into this queue's own folder, whatever becomes of them where they were.

        Raises:
            OSError: a body cannot be copied.
        """
        await asyncio.to_thread(self._copy_bodies, [one.content.body for one in moved])

        def operation(transaction: Transaction) -> tuple[QueueId, ...]:
            connection = transaction.connection
            there = {message.id for _, message in self._messages.load(connection, [one.arrival.id for one in moved])}
            earlier = write_ledger(connection, [one.arrival for one in moved if one.arrival.id not in there])
            new = [one for one in moved if one.arrival.id not in there]
            # A key may be remembered of this very message, from the time before it was passed on.
            known = {
                one.arrival.id: None if before == one.arrival.id else before
                for one, before in zip(new, earlier, strict=True)
            }
            added = [(one.arrival, one.content.message) for one in new if known[one.arrival.id] is None]
            self._messages.insert(connection, added)
            for one in new:
                for at, occasion in one.owed if known[one.arrival.id] is None else ():
                    owe(connection, one.content.message, (occasion,), at)
            self._nudge(transaction, [arrival.id for arrival, _ in added])
            return tuple(known.get(one.arrival.id) or one.arrival.id for one in moved)

        return await self._worker.write(operation)

    def _copy_bodies(self, bodies: Sequence[Body]) -> None:
        """In a thread. A copy that no message comes to have is an orphan, and those are cleared."""
        for body in bodies:
            if isinstance(body, FileBody) and body.path.parent != self._bodies:
                with body.path.open("rb") as file:
                    pieces = iter(partial(file.read, _PIECE_BYTES), b"")
                    replace_synced(self._bodies, body.path.name, pieces, mode=_BODY_MODE)
        sync_folder(self._bodies)

"""The embedded queue as a host's outbox: what was taken in and is to go on to another queue, with all that is known.

It is the same file as the embedded queue's, with the same ledger. So a site that begins to share its queue takes along
what waits, and one that stops goes on with what it takes in.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from maild.spool.moving import Moved
from maild.spool.queue import MessageState, QueueFilter, QueueId
from maild.spool.sqlite import SqliteQueue
from maild.spool.sqlite.ledger import find_keys, write_ledger
from maild.spool.sqlite.worker import Transaction

MOVABLE: Final = (MessageState.QUEUED, MessageState.HELD)


class Outbox(SqliteQueue):
    """See above."""

    async def waiting_to_go(self, limit: int) -> tuple[Moved, ...]:
        """The oldest that are not being sent."""
        messages = await self.select(QueueFilter(states=MOVABLE, limit=limit))
        keys = await self._keys_of([message.id for message in messages])
        shown = [await self.show(message.id) for message in messages]
        return tuple(Moved(content=one, key=keys.get(one.message.id)) for one in shown if one is not None)

    async def adopt(self, moved: Sequence[Moved]) -> tuple[QueueId, ...]:
        """Take messages in as another queue had them, all or none; returns the ids of those that they are now.

        One that is there already stays as it is; one whose key another message has is that message.
        """

        def operation(transaction: Transaction) -> tuple[QueueId, ...]:
            connection = transaction.connection
            there = {message.id for _, message in self._messages.load(connection, [one.arrival.id for one in moved])}
            earlier = write_ledger(connection, [one.arrival for one in moved if one.arrival.id not in there])
            new = [one for one in moved if one.arrival.id not in there]
            known = dict(zip([one.arrival.id for one in new], earlier, strict=True))
            added = [(one.arrival, one.content.message) for one in new if known[one.arrival.id] is None]
            self._messages.insert(connection, added)
            self._nudge(transaction, [arrival.id for arrival, _ in added])
            return tuple(known.get(one.arrival.id) or one.arrival.id for one in moved)

        return await self._worker.write(operation)

    async def _keys_of(self, ids: Sequence[QueueId]) -> Mapping[QueueId, str]:
        return await self._worker.read(lambda transaction: find_keys(transaction.connection, ids))

"""A shared queue that messages are taken away from, while hosts send from it.

What is taken is leased like what is sent: nobody sends it meanwhile, and if this ends in the middle it is as it was. It
is deleted here after it is kept elsewhere, and only if it is still in the hand of who took it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from maild.spool.moving import Moved
from maild.spool.postgres.contents import NO_CONTENT, read_contents
from maild.spool.postgres.debts import owed_about
from maild.spool.postgres.link import Connection
from maild.spool.postgres.messages import Changed, Stored, load, load_ids, write
from maild.spool.postgres.orphans import remove
from maild.spool.postgres.owners import is_believed
from maild.spool.postgres.queue import PostgresQueue
from maild.spool.queue import Leased, MessageState, QueueError, QueueId


class MovableQueue(PostgresQueue):
    """See above."""

    async def take_to_move(self, limit: int) -> tuple[Moved, ...]:
        """The oldest that are not being sent, as they are; nobody sends them until this process is gone.

        Raises:
            QueueError: the storage fails, or others took this process for gone.
        """
        owner = await self._leases.seat()

        async def operation(connection: Connection) -> tuple[Moved, ...]:
            if not await is_believed(connection, owner):
                raise QueueError("this process said nothing for longer than a lease lasts: begin again")
            order = f"received_at, id LIMIT {limit} FOR NO KEY UPDATE SKIP LOCKED"
            found = await load(connection, self._me.host, "state IN ('queued', 'held')", {}, order=order)
            ids = [one.message.id for one in found]
            query = "UPDATE maild.messages SET state = 'sending', owner = %s WHERE id = ANY(%s) AND state = 'queued'"
            await connection.execute(query, (owner, ids))
            contents = await read_contents(connection, self._bodies, ids)
            keys, owed = await _keys_of(connection, ids), await owed_about(connection, ids)
            return tuple(
                Moved(
                    content=Leased(message=one.message, head=head, body=body),
                    key=keys.get(one.message.id),
                    owed=owed.get(one.message.id, ()),
                )
                for one in found
                for head, body in (contents.get(one.message.id, NO_CONTENT),)
            )

        return await self._link.run(operation)

    async def moved_away(self, moved: Sequence[Moved], *, now: datetime) -> tuple[QueueId, ...]:
        """These are kept elsewhere: forget them. Returns those that were still in the hand of this process."""
        owner = await self._leases.seat()
        states = {one.content.message.id: one.content.message.state for one in moved}

        async def operation(connection: Connection) -> tuple[tuple[QueueId, ...], frozenset[str]]:
            found = await load_ids(connection, self._me.host, list(states), lock="FOR UPDATE")
            gone = [
                Changed(
                    before=one, after=replace(one.message, state=MessageState.DELETED, held_at=None, changed_at=now)
                )
                for one in found
                if _is_still(one, states[one.message.id], owner)
            ]
            ids = tuple(one.after.id for one in gone)
            bodies = await write(connection, gone)
            # No history is left of them: they may come back one day, and are none of those that are known then.
            await connection.execute("DELETE FROM maild.recipients WHERE id = ANY(%s)", (list(ids),))
            await connection.execute("DELETE FROM maild.messages WHERE id = ANY(%s)", (list(ids),))
            return ids, bodies

        ids, bodies = await self._link.run(operation)
        remove(self._bodies / name for name in bodies)
        return ids


def _is_still(stored: Stored, before: MessageState, owner: int) -> bool:
    if before is MessageState.HELD:
        return stored.message.state is MessageState.HELD
    return stored.message.state is MessageState.SENDING and stored.owner == owner


async def _keys_of(connection: Connection, ids: Sequence[QueueId]) -> Mapping[QueueId, str]:
    rows = await connection.execute("SELECT id, key FROM maild.keys WHERE id = ANY(%s)", (list(ids),))
    return {QueueId(id_): key for id_, key in await rows.fetchall()}

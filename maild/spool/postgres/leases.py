"""What this host has leased, and that it is still at work: takes messages out, renews.

It knows by which owner it leased each message that it has in hand. A message that it still has in hand it does not take
out again, even when somebody else took it over meanwhile and put it back: who had it first has not noticed yet.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from maild.spool import transition
from maild.spool.postgres.contents import NO_CONTENT, read_contents
from maild.spool.postgres.link import Connection, Link
from maild.spool.postgres.messages import load
from maild.spool.postgres.owners import RENEWALS, is_believed, register, renew, retire
from maild.spool.queue import Leased, QueuedMessage, QueueError, QueueId, QueueInDoubtError
from maild.spool.sqlite.rows import instant_number

LOOK_S: Final = 1.0
"""How often it is looked for who is gone: an index of a few rows."""


class Leases:
    """See above; of one queue object."""

    def __init__(self, link: Link, host: str, lease: timedelta) -> None:
        self._link: Final = link
        self._host: Final = host
        self.duration = lease
        self._held: Final[dict[QueueId, int]] = {}
        self._known: Final[dict[QueueId, QueuedMessage]] = {}
        # Taken out by transactions of which it is not known whether they were committed.
        self._doubtful: Final[set[QueueId]] = set()
        self._owner: int | None = None
        self._sits_down: Final = asyncio.Lock()
        self._renewing: asyncio.Task[None] | None = None
        self._looked_at_s = float("-inf")

    @property
    def held(self) -> Mapping[QueueId, int]:
        """By which owner each message was leased that is in hand."""
        return MappingProxyType(self._held)

    @property
    def known(self) -> Mapping[QueueId, QueuedMessage]:
        """Those of them that are known as they were written last."""
        return MappingProxyType(self._known)

    def now_are(self, messages: Iterable[QueuedMessage]) -> None:
        """These were written like this; what is not in hand is not remembered."""
        for message in messages:
            if message.id in self._held:
                self._known[message.id] = message

    def let_go(self, ids: Iterable[QueueId]) -> None:
        """These are not in hand any more."""
        for id_ in ids:
            self._held.pop(id_, None)
            self._known.pop(id_, None)

    def forget(self) -> None:
        """Nothing is in hand: whoever sent here before is taken for gone."""
        self._held.clear()
        self._known.clear()
        self._doubtful.clear()
        self._stand_up()

    async def gone_since(self, connection: Connection) -> datetime | None:
        """The present, by the database's clock, if it is time to look who is gone."""
        at_s = asyncio.get_running_loop().time()
        if at_s < self._looked_at_s + min(self._pause_s, LOOK_S):
            return None
        row = await (await connection.execute("SELECT extract(epoch FROM clock_timestamp())")).fetchone()
        assert row is not None
        self._looked_at_s = at_s
        return datetime.fromtimestamp(float(row[0]), UTC)

    async def lease(
        self, ids: Sequence[QueueId], bodies: Path, *, now: datetime, next_at: datetime
    ) -> tuple[Leased, ...]:
        """See the port."""
        wanted = [id_ for id_ in ids if id_ not in self._held]
        owner = await self.seat()

        async def operation(connection: Connection) -> list[Leased] | None:
            if not await is_believed(connection, owner):
                return None
            return await self._take(connection, owner, wanted, (bodies, now, next_at))

        try:
            taken = await self._link.run(operation)
        except QueueInDoubtError:
            self._doubtful.update(wanted)
            raise
        self._doubtful.difference_update(wanted)
        if taken is None:
            # It was paused for so long that others took it for gone.
            self._stand_up()
            return await self.lease(ids, bodies, now=now, next_at=next_at)
        self._held.update((one.message.id, owner) for one in taken)
        self._known.update((one.message.id, one.message) for one in taken)
        return tuple(taken)

    async def close(self) -> None:
        """Say that this host is not at work any more, as far as that can be said."""
        owner = self._owner
        self._stand_up()
        if owner is not None:
            with suppress(QueueError):
                await self._link.run(lambda connection: retire(connection, owner))

    @property
    def _pause_s(self) -> float:
        return self.duration.total_seconds() / RENEWALS

    async def _take(
        self,
        connection: Connection,
        owner: int,
        ids: Sequence[QueueId],
        terms: tuple[Path, datetime, datetime],
    ) -> list[Leased]:
        bodies, now, next_at = terms
        # Those of a try before this one, whose commit was in doubt and was done, are this owner's already.
        ours = "state = 'sending' AND owner = %(owner)s AND id = ANY(%(doubtful)s)"
        values = {"ids": list(ids), "owner": owner, "doubtful": list(self._doubtful.intersection(ids))}
        where = f"id = ANY(%(ids)s) AND (state = 'queued' OR ({ours}))"
        order = "id FOR NO KEY UPDATE SKIP LOCKED"
        found = await load(connection, self._host, where, values, order=order)
        taken = {one.message.id: one.message for one in found}
        await connection.execute(
            "UPDATE maild.messages SET state = 'sending', owner = %s, next_at = %s, changed_at = %s "
            "WHERE id = ANY(%s) AND state = 'queued'",
            (owner, instant_number(next_at), instant_number(now), list(taken)),
        )
        contents = await read_contents(connection, bodies, list(taken))
        leased = []
        for id_ in dict.fromkeys(ids):
            before = taken.get(id_)
            if before is not None:
                head, body = contents.get(id_, NO_CONTENT)
                stood_still = transition.stood_still(before, now=now)
                after = transition.leased(before, now=now, next_at=next_at) or before
                leased.append(Leased(message=after, head=head, body=body, stood_still=stood_still))
        return leased

    async def seat(self) -> int:
        """The owner that this object leases by.

        Raises:
            QueueError: the storage fails.
        """
        async with self._sits_down:
            if self._owner is None:
                self._owner = await self._link.run(lambda connection: register(connection, self._host, self.duration))
                self._renewing = asyncio.create_task(self._renew(self._owner), name="lease of the shared queue")
            return self._owner

    def _stand_up(self) -> None:
        self._owner = None
        if self._renewing is not None:
            self._renewing.cancel()
            self._renewing = None

    async def _renew(self, owner: int) -> None:
        is_mine = True
        while is_mine:
            await asyncio.sleep(self._pause_s)
            # The next try is soon enough; whoever works with the queue meanwhile hears what is wrong with it.
            with suppress(QueueError):
                is_mine = await self._link.run(lambda connection: renew(connection, owner, self.duration))
        if self._owner == owner:
            self._owner = None

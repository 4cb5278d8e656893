"""The queue of one host of many: the shared queue, and before it this host's outbox, which is the embedded queue.

Whatever is taken in goes into the outbox first, with the ledger of this host's files, and from there into the shared
queue at once, or as soon as that answers. A message is forgotten in the outbox after the shared queue has it, and what
comes there a second time is known by its id: a crash anywhere between loses nothing and doubles nothing. So taking in
needs no database, and what a host without a database has taken in is not lost with the database.

What was in the outbox before this host shared its queue goes the same way, held messages too.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias

from maild.spool.events import DropRepeated
from maild.spool.moving import Moved
from maild.spool.outbox import Outbox
from maild.spool.postgres.address import Address
from maild.spool.postgres.queue import PostgresQueue
from maild.spool.queue import Arrival, Leased, MessageState, QueuedMessage, QueueError, QueueId, SourceIdentity

BATCH: Final = 64
AGAIN_S: Final = 2.0
"""How long to wait before the next try to reach the shared queue."""

Repeated: TypeAlias = Callable[[Sequence[DropRepeated]], Awaitable[None]]


class HostQueue(PostgresQueue):
    """See above.

    Args:
        address: of the shared queue's database.
        host: what tells this host's spool from others, for ever.
        bodies: the folder for copies of large bodies; the outbox has another one.
        outbox: this host's; closed together with this.
        repeated: told of drops whose idempotency key turned out to be another host's message's, after they were
            taken in.
    """

    def __init__(self, address: Address, *, host: str, bodies: Path, outbox: Outbox, repeated: Repeated) -> None:
        super().__init__(address, host=host, bodies=bodies)
        self._outbox: Final = outbox
        self._repeated: Final = repeated
        self._late: set[QueueId] = set()
        self._forwarding: asyncio.Task[None] | None = None
        self._arriving: set[QueueId] = set()
        """What is being taken in: nobody here may send it, or hear of it, before its first receipt is asked for."""
        self._wanted: Final = asyncio.Event()
        self._wanted.set()
        self._is_behind = True
        """Whether the outbox may hold something; then what comes in takes its place behind it."""
        self._is_closed = False

    async def accept(self, arrivals: Sequence[Arrival]) -> tuple[QueueId, ...]:
        """See the port. Once this host has them, and the shared queue too if it answers."""
        mine = {one.id for one in arrivals}
        self._arriving |= mine
        try:
            return await self._take_in(arrivals)
        finally:
            self._arriving -= mine
            if self._is_behind:
                self._wanted.set()

    async def is_taken(self, source: SourceIdentity) -> QueueId | None:
        """See the port."""
        return await self._outbox.is_taken(source)

    async def recover(self, *, now: datetime) -> tuple[QueuedMessage, ...]:
        """See the port. From the first time on the outbox is forwarded."""
        await self._outbox.recover(now=now)
        if self._forwarding is None and not self._is_closed:
            self._forwarding = asyncio.create_task(self._forward(), name="outbox of the shared queue")
        return await super().recover(now=now)

    async def changed(self) -> tuple[QueuedMessage, ...]:
        """See the port. What was forwarded late is news too."""
        if self._forwarding is not None and self._forwarding.done():
            # It ends by a mistake of ours only, and that must not go unnoticed.
            self._forwarding.result()
        asked = {id_ for id_ in self._late if id_ not in self._arriving}
        news = await self.news(tuple(asked))
        early = {message.id for message in news if message.id in self._arriving}
        self._late = (self._late - asked) | early
        return tuple(message for message in news if message.id not in early)

    async def lease(self, ids: Sequence[QueueId], *, now: datetime, next_at: datetime) -> tuple[Leased, ...]:
        """See the port."""
        return await super().lease([id_ for id_ in ids if id_ not in self._arriving], now=now, next_at=next_at)

    async def counts(self) -> Mapping[MessageState, int]:
        """See the port. What is in the outbox counts."""
        shared, here = await super().counts(), await self._outbox.counts()
        return {state: count + here.get(state, 0) for state, count in shared.items()}

    async def due(self, *, now: datetime) -> int:
        """See the port. What is in the outbox counts."""
        return await super().due(now=now) + await self._outbox.due(now=now)

    async def purge(self, *, before: datetime) -> int:
        """See the port."""
        await self._outbox.purge(before=before)
        return await super().purge(before=before)

    async def close(self) -> None:
        """See the port. What is still in the outbox stays there."""
        self._is_closed = True
        if self._forwarding is not None:
            self._forwarding.cancel()
            with suppress(asyncio.CancelledError):
                await self._forwarding
        await super().close()
        await self._outbox.close()

    async def _take_in(self, arrivals: Sequence[Arrival]) -> tuple[QueueId, ...]:
        ids = await self._outbox.accept(arrivals)
        fresh = [one for one, id_ in zip(arrivals, ids, strict=True) if one.id == id_]
        if self._is_behind or not fresh:
            return ids
        try:
            # This host's files are in this host's ledger.
            known = await super().accept([replace(one, source=None, sidecar=None) for one in fresh])
            await self._outbox.pass_on([one.id for one in fresh], now=fresh[0].received_at)
        except (QueueError, OSError):
            self._is_behind = True
            return ids
        became = dict(zip([one.id for one in fresh], known, strict=True))
        return tuple(became.get(id_, id_) for id_ in ids)

    async def _forward(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                while await self._forward_some():
                    pass
            except (QueueError, OSError):
                # Who works with the shared queue says what is wrong with it.
                self._wanted.set()
                await asyncio.sleep(AGAIN_S)
            else:
                self._is_behind = self._wanted.is_set()

    async def _forward_some(self) -> int:
        """Bring the oldest of the outbox on its way; returns how many."""
        there = await self._outbox.waiting_to_go(BATCH)
        moved = [one for one in there if one.content.message.id not in self._arriving]
        if not moved:
            return 0
        try:
            await self._pass_on(moved)
        except (QueueError, OSError):
            # Is it away, or is there a message that it does not take? That one must not keep the others.
            await super().counts()
            await self._pass_on_singly(moved)
        return len(moved)

    async def _pass_on_singly(self, moved: Sequence[Moved]) -> None:
        refused: Exception | None = None
        for one in moved:
            try:
                await self._pass_on([one])
            except (QueueError, OSError) as error:
                refused = error
        if refused is not None:
            raise refused

    async def _pass_on(self, moved: Sequence[Moved]) -> None:
        ids = await self.adopt(moved)
        messages = [one.content.message for one in moved]
        await self._outbox.pass_on([one.id for one in messages], now=messages[-1].received_at)
        pairs = list(zip(messages, ids, strict=True))
        self._late |= {message.id for message, id_ in pairs if message.id == id_}
        repeats = [
            DropRepeated(drop=message.drop, id=id_, of=None, repeated_at=message.received_at)
            for message, id_ in pairs
            if message.id != id_ and message.drop is not None
        ]
        if repeats:
            await self._repeated(repeats)

"""Moves what waits from one queue to another, so that at every moment each message is in one of them, and sent by one.

A message is taken so that nobody sends it, kept in the other queue with all that is known of it, and then forgotten in
the first. A crash in between leaves it in both, but there is nobody who could send it from the first before it is
moved again, and the second knows it by its id. History stays where it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from maild.spool.moving import Moved
from maild.spool.queue import MessageState, Queue, QueuedMessage, QueueFilter, QueueId

BATCH: Final = 50


class Source(Queue, Protocol):
    """A queue that messages can be taken away from."""

    async def take_to_move(self, limit: int) -> tuple[Moved, ...]:
        """The oldest that are not being sent, as they are; nobody sends them."""
        ...

    async def moved_away(self, moved: Sequence[Moved], *, now: datetime) -> tuple[QueueId, ...]:
        """These are kept elsewhere. Returns those that nobody had touched meanwhile."""
        ...


class Target(Queue, Protocol):
    """A queue that takes messages in as another one had them."""

    async def adopt(self, moved: Sequence[Moved]) -> tuple[QueueId, ...]:
        """Take these in; returns the ids of the messages that they are now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What it came to.

    Attributes:
        moved: how many messages.
        known: how many of them the other queue had already.
        left: how many are being sent where they were.
    """

    moved: int
    known: int
    left: int


async def copy_queue(source: Source, target: Target, *, now: datetime, told: Callable[[int], None]) -> Copied:
    """Move everything that is not being sent; `told` hears how many were moved with each step.

    Raises:
        QueueError: one of them fails. What was moved is moved; the rest is where it was.
    """
    count = known = 0
    while moved := await source.take_to_move(BATCH):
        before = {message.id for message in await _there(target, moved)}
        ids = await target.adopt(moved)
        gone = await source.moved_away(moved, now=now)
        adopted = {one.content.message.id for one in moved} - before
        # Somebody got hold of these in between, and has them now.
        await target.delete([id_ for id_ in adopted if id_ not in gone], now=now)
        count += len(gone)
        known += sum(1 for one, id_ in zip(moved, ids, strict=True) if one.content.message.id != id_ or id_ in before)
        told(len(gone))
        if not gone:
            break
    await target.set_allowances(await source.allowances(now=now))
    return Copied(moved=count, known=known, left=(await source.counts()).get(MessageState.SENDING, 0))


async def _there(target: Target, moved: Sequence[Moved]) -> Sequence[QueuedMessage]:
    return await target.select(QueueFilter(ids=tuple(one.content.message.id for one in moved)))

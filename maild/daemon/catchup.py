"""Brings the receipts up to date that a crash, or a command while no daemon ran, left behind. Once, at the start.

Shell code. It only writes the receipts of messages that are done, which nothing changes any more, so it cannot get in
the way of a delivery that goes on meanwhile.
"""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, Protocol

from maild.errors import MaildError
from maild.spool.layout import Layout
from maild.spool.open_receipts import open_receipts
from maild.spool.queue import MessageState, Queue, QueuedMessage, QueueFilter, QueueId

BATCH: Final = 200

_DONE: Final = tuple(state for state in MessageState if state.is_history)


class Receipts(Protocol):
    """Writes receipts."""

    async def write(self, messages: Sequence[QueuedMessage]) -> None:
        """Bring the receipts of these messages up to date."""
        ...


async def catch_up(layout: Layout, queue: Queue, receipts: Receipts) -> int:
    """Write what is missing; returns how many receipts. Storage trouble ends it: the next start tries again."""
    written = 0
    ids = open_receipts(layout)
    while batch := await asyncio.to_thread(_next, ids):
        try:
            done = await queue.select(QueueFilter(ids=batch, states=_DONE))
            await receipts.write(done)
        except (MaildError, OSError):
            break
        written += len(done)
    return written


def _next(ids: Iterator[QueueId]) -> tuple[QueueId, ...]:
    return tuple(islice(ids, BATCH))

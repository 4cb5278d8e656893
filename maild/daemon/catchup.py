"""Brings the receipts up to date that a crash, or a command while no daemon ran, left behind. Once, at the start.

Shell code. It only writes the receipts of messages that are done, which nothing changes any more, so it cannot get in
the way of a delivery that goes on meanwhile.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import chain, islice
from typing import Final, Protocol

from maild.errors import MaildError
from maild.spool.layout import Layout
from maild.spool.open_receipts import MislaidReceipt, OpenReceipt, missing_receipts, open_receipts
from maild.spool.queue import MessageState, Queue, QueuedMessage, QueueFilter

BATCH: Final = 200

LATELY: Final = timedelta(minutes=2)
"""Receipts are not fsynced: a power cut takes the youngest. File systems write on their own within half a minute."""

_DONE: Final = tuple(state for state in MessageState if state.is_history)


class Receipts(Protocol):
    """Writes receipts."""

    async def write(self, messages: Sequence[QueuedMessage]) -> None:
        """Bring the receipts of these messages up to date."""
        ...


async def catch_up(layout: Layout, queue: Queue, receipts: Receipts, *, rest: float = 0.0) -> int:
    """Write what is missing; returns how many receipts. Storage trouble ends it: the next start tries again.

    Args:
        layout: where the receipts are.
        queue: knows what became of the messages.
        receipts: writes them.
        rest: how many times as long as it works it rests: who has mail to send must not wait for old receipts.
    """
    loop = asyncio.get_running_loop()
    try:
        lately = await queue.lately_done(LATELY)
    except (MaildError, OSError):
        return 0
    written = 0
    found = chain(open_receipts(layout), missing_receipts(layout, lately))
    while True:
        begun_at = loop.time()
        batch = await asyncio.to_thread(_next, found)
        if not batch:
            break
        ids = tuple(one.id for one in batch if isinstance(one, OpenReceipt))
        drops = tuple(one.drop for one in batch if isinstance(one, MislaidReceipt))
        try:
            done = await queue.select(QueueFilter(ids=ids, states=_DONE)) if ids else ()
            # Whatever state these are in, their receipts say nothing that is true.
            mislaid = await queue.select(QueueFilter(drops=drops)) if drops else ()
            await receipts.write((*done, *mislaid))
        except (MaildError, OSError):
            break
        written += len(done) + len(mislaid)
        await asyncio.sleep(rest * (loop.time() - begun_at))
    return written


def _next(found: Iterator[OpenReceipt | MislaidReceipt]) -> tuple[OpenReceipt | MislaidReceipt, ...]:
    return tuple(islice(found, BATCH))

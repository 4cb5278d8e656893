"""Forgets what nobody needs any more: the history of messages that are done, receipts nobody asked for in a month,
what droppers that were killed left in the drop folder, and memory that only the start needed.

Shell code. Storage trouble is the engine's to tell; here it only means: later.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Final

from maild.clock import Clock
from maild.daemon.allocator import give_back
from maild.daemon.catchup import catch_up
from maild.errors import MaildError
from maild.spool.abandoned import clear_abandoned
from maild.spool.layout import Layout
from maild.spool.queue import Queue
from maild.spool.receipt import ReceiptWriter

EVERY_S: Final = 3600.0
SETTLED_S: Final = 5.0
"""After the start, when what it needed for a moment is free again."""

HISTORY: Final = timedelta(days=7)
"""How long `maild queue show` still knows a message that was sent; longer than a message can be under way."""

RECEIPTS: Final = timedelta(days=30)

REST: Final = 9.0
"""A tenth of the time is enough for receipts that nobody brought up to date before."""


class Housekeeping:
    """Cleans up once an hour."""

    def __init__(self, layout: Layout, queue: Queue, receipts: ReceiptWriter, clock: Clock) -> None:
        self._layout = layout
        self._queue = queue
        self._receipts = receipts
        self._clock = clock

    async def run(self) -> None:
        """Catch up with receipts that were left behind, then clean up until cancelled."""
        await catch_up(self._layout, self._queue, self._receipts, rest=REST)
        await asyncio.sleep(SETTLED_S)
        await asyncio.to_thread(give_back)
        while True:
            await asyncio.sleep(EVERY_S)
            await self.step()

    async def step(self) -> None:
        """Clean up once."""
        now = self._clock.now()
        # One that fails must not keep the other from being done.
        for purge, age in ((self._queue.purge, HISTORY), (self._receipts.purge, RECEIPTS)):
            with suppress(MaildError, OSError):
                await purge(before=now - age)
        with suppress(OSError):
            await asyncio.to_thread(clear_abandoned, self._layout, now)
        await asyncio.to_thread(give_back)

"""Forgets what nobody needs any more: the history of messages that are done, and receipts nobody asked for in a month.

Shell code. Storage trouble is the engine's to tell; here it only means: later.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final, Protocol

from maild.clock import Clock
from maild.errors import MaildError

EVERY_S: Final = 3600.0

HISTORY: Final = timedelta(days=7)
"""How long `maild queue show` still knows a message that was sent; longer than a message can be under way."""

RECEIPTS: Final = timedelta(days=30)


class Purgeable(Protocol):
    """The queue or the receipts, as far as old things are removed from them."""

    async def purge(self, *, before: datetime) -> int:
        """Forget what is older; returns how many."""
        ...


class Housekeeping:
    """Cleans up once an hour."""

    def __init__(self, queue: Purgeable, receipts: Purgeable, clock: Clock) -> None:
        self._rooms = ((queue, HISTORY), (receipts, RECEIPTS))
        self._clock = clock

    async def run(self) -> None:
        """Clean up until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.step()

    async def step(self) -> None:
        """Clean up once."""
        for room, age in self._rooms:
            try:
                await room.purge(before=self._clock.now() - age)
            except (MaildError, OSError):
                continue

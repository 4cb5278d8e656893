"""Takes drops in, again and again: when the watcher hints at one, when intake asks to look again, and once a second.

Shell code. The periodic look is the truth, the hints only make it sooner; with a drop folder on a file system without
events a drop waits a second at most.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from maild.clock import Clock
from maild.spool.intake import ScanResult
from maild.spool.queue import Waiting

LOOK_EVERY_S: Final = 1.0
GATHER_S: Final = 0.005
"""After a hint: drops come in bursts, and those that come together share one transaction."""

SHORTEST_S: Final = 0.02
"""Never look more often than this, whatever intake asks for."""


class Scanner(Protocol):
    """The intake, as far as this loop needs it."""

    async def scan(self) -> ScanResult:
        """Look at the drop folder once; storage trouble is told by events and in the result, not raised."""
        ...


class IntakeLoop:
    """Scans until cancelled and hands what was taken to `wake`."""

    def __init__(self, scanner: Scanner, clock: Clock, wake: Callable[[Sequence[Waiting]], None]) -> None:
        self._scanner = scanner
        self._clock = clock
        self._wake = wake
        self._hinted = asyncio.Event()

    def hint(self) -> None:
        """Something may have been dropped; on the event loop only."""
        self._hinted.set()

    async def run(self) -> None:
        """Scan until cancelled."""
        while True:
            self._hinted.clear()
            pause_s = await self.step()
            try:
                async with asyncio.timeout(pause_s):
                    await self._hinted.wait()
                await asyncio.sleep(GATHER_S)
            except TimeoutError:
                continue

    async def step(self) -> float:
        """Scan once; returns how long there is nothing to do unless somebody hints."""
        result = await self._scanner.scan()
        if result.taken:
            self._wake(result.taken)
        if result.look_again_at is None:
            return LOOK_EVERY_S
        until_s = (result.look_again_at - self._clock.now()).total_seconds()
        return min(LOOK_EVERY_S, max(SHORTEST_S, until_s))

"""Takes drops in, again and again: when the watcher hints at one, when intake asks to look again, and now and then.

Shell code. The periodic look is the truth, the hints only make it sooner; with a drop folder on a file system without
events a drop waits a second at most.
"""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from maild.clock import Clock
from maild.spool.intake import ScanResult

LOOK_EVERY_S: Final = 1.0
TOLD_LOOK_EVERY_S: Final = 5.0
"""Where events tell of what is dropped: for the mode of a file that was mended, and whatever else no event is for."""

GATHER_S: Final = 0.002
"""After a hint: drops come in bursts, and those that come together share one transaction."""

QUIET_S: Final = 3.0
"""Intake waits less than this for a drop to be quiet, and longer than this when the disk or the queue is in trouble."""

SHORTEST_S: Final = 0.02
"""Never look more often than this while nothing comes of it, whatever intake asks for."""


class Scanner(Protocol):
    """The intake, as far as this loop needs it."""

    async def scan(self) -> ScanResult:
        """Look at the drop folder once; storage trouble is told by events and in the result, not raised."""
        ...

    def note_placed(self, drop: str) -> None:
        """This drop was seen being renamed into place, so it is complete."""
        ...


class IntakeLoop:
    """Scans until cancelled."""

    def __init__(self, scanner: Scanner, drop: Path, clock: Clock) -> None:
        self._scanner = scanner
        self._below = f"{drop.resolve()}/"
        self._clock = clock
        self._hinted = asyncio.Event()
        self.is_told = False
        """Whether whatever is dropped is hinted at."""

    def hint(self, placed: Sequence[Path] = ()) -> None:
        """Something may have been dropped, these perhaps renamed into place; on the event loop only."""
        for path in map(os.fspath, placed):
            # Thousands in a second: asking pathlib for the name takes twenty times as long.
            if path.startswith(self._below):
                self._scanner.note_placed(path[len(self._below) :])
        self._hinted.set()

    async def run(self) -> None:
        """Scan until cancelled."""
        while True:
            self._hinted.clear()
            pause_s = await self.step()
            if not pause_s:
                continue
            try:
                async with asyncio.timeout(pause_s):
                    await self._hinted.wait()
                await asyncio.sleep(GATHER_S)
            except TimeoutError:
                continue

    async def take_all(self) -> int:
        """Scan until no drop is left that could become a message; returns how many did. For a spool in trouble, which
        intake asks to look at again much later, it does not wait.
        """
        taken = 0
        while True:
            result = await self._scanner.scan()
            taken += len(result.taken)
            until_s = self._until_s(result)
            if until_s is None or until_s > QUIET_S:
                return taken
            await asyncio.sleep(self._pause_s(result, until_s))

    async def step(self) -> float:
        """Scan once; returns how long there is nothing to do unless somebody hints."""
        result = await self._scanner.scan()
        until_s = self._until_s(result)
        every_s = TOLD_LOOK_EVERY_S if self.is_told else LOOK_EVERY_S
        return every_s if until_s is None else min(every_s, self._pause_s(result, until_s))

    def _pause_s(self, result: ScanResult, until_s: float) -> float:
        # While a flood is taken in, the next batch is wanted at once.
        return 0.0 if result.taken and until_s <= 0 else max(SHORTEST_S, until_s)

    def _until_s(self, result: ScanResult) -> float | None:
        if result.look_again_at is None:
            return None
        return (result.look_again_at - self._clock.now()).total_seconds()

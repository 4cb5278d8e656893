"""How long the event loop is held up by a reload: while a look at the configuration goes on, and a moment longer.

Shell code. The heartbeat finds how late the loop is now and then; of what blocks it for twenty milliseconds it would
see one in many. A reload is the one thing that the daemon does to all its accounts at once, so it is watched closely:
a task is due every few milliseconds, and the latest that it came is told. What new accounts cause, their probes above
all, comes after the look; so the watch goes on for a second. A look that finds nothing new is not worth that.
"""

import asyncio
from collections.abc import Callable
from typing import Final

TICK_S: Final = 0.005
"""Shorter than what must not escape; a stretch is told too short by that at most."""

AFTER_S: Final = 1.0


class ReloadLag:
    """Used on one event loop. `tell` is given seconds, once for one or several reloads without a pause between them."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        self._tell: Final = tell
        self._is_looking = False
        self._until_s = 0.0
        self._ticking: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """A look begins."""
        self._is_looking = True
        if self._ticking is None:
            self._ticking = asyncio.create_task(self._tick())

    def end(self, *, has_changed: bool) -> None:
        """It is over, and something is in force otherwise than before."""
        self._is_looking = False
        if has_changed:
            self._until_s = asyncio.get_running_loop().time() + AFTER_S

    async def stop(self) -> None:
        """Watch no longer, and tell nothing more."""
        ticking, self._ticking = self._ticking, None
        if ticking is not None:
            ticking.cancel()
            await asyncio.wait([ticking])

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        worst_s = 0.0
        while self._is_looking or loop.time() < self._until_s:
            due_s = loop.time() + TICK_S
            await asyncio.sleep(TICK_S)
            worst_s = max(worst_s, loop.time() - due_s)
        self._ticking = None
        self._tell(worst_s)

"""Measures how late the event loop is and tells the service manager's watchdog that it still turns.

Shell code. The ping comes from a task on the very loop that does the work, so a loop that hangs sends none and is
restarted; a thread would go on pinging over a corpse. It is also withheld while a vital task is not running.
"""

import asyncio
from collections.abc import Callable
from typing import Final

BEAT_S: Final = 1.0


class Heartbeat:
    """Beats for ever."""

    def __init__(self, *, on_lag: Callable[[float], None], ping: Callable[[], None], watchdog_s: float | None) -> None:
        self._on_lag = on_lag
        self._ping = ping
        # systemd.service(5) advises half the time; a quarter survives one ping that is lost.
        self._ping_every_s = watchdog_s / 4 if watchdog_s is not None else None
        self.last_beat_s: float | None = None
        """When it last beat, on the loop's clock."""

    async def run(self) -> None:
        """Beat until cancelled."""
        loop = asyncio.get_running_loop()
        pinged_at_s = float("-inf")
        pause_s = BEAT_S if self._ping_every_s is None else min(BEAT_S, self._ping_every_s)
        while True:
            due_s = loop.time() + pause_s
            await asyncio.sleep(pause_s)
            self.last_beat_s = loop.time()
            self._on_lag(max(0.0, self.last_beat_s - due_s))
            if self._ping_every_s is not None and self.last_beat_s - pinged_at_s >= self._ping_every_s:
                self._ping()
                pinged_at_s = self.last_beat_s

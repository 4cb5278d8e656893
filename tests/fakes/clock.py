"""Clocks for tests: one that stands still until told otherwise, one that follows the event loop's time."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

START: Final = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
"""A Sunday noon, far from any change of clocks; tests that do not care about the date take it."""


class FakeClock:
    """Stands still; `advance` moves it."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        """The instant it was moved to."""
        return self._now

    def advance(self, seconds: float) -> datetime:
        """Move forward, or back with a negative number as wall clocks do; returns the new instant."""
        self._now += timedelta(seconds=seconds)
        return self._now


class LoopClock:
    """Moves with the running loop's time, so that `run_virtual` moves it: a sleep of an hour is an hour here too.

    The loops of `tests.virtual_time` begin at zero, hence the start is exactly the coroutine's beginning.
    """

    def __init__(self, start: datetime = START) -> None:
        self._start = start

    def now(self) -> datetime:
        """The start plus what has passed on the running loop; outside a loop just the start."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return self._start
        return self._start + timedelta(seconds=loop.time())

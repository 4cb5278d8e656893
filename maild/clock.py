"""The one place that reads the time of day.

Core code takes `now` as an argument; the shell holds one Clock. Durations inside the shell are the event loop's
business (`loop.time()`), never a difference of two `now()`: a wall clock may jump.
"""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time of day."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 -- this is the Clock that everybody else takes

"""How many reports went to each address or Maildir in the last hour, and how many more may. Pure: it is told `now`.

The last place of an hour is the digest's: so the first of a flood are told of one by one and at once, and all the rest
together, an hour after the first at the latest.
"""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

HOUR: Final = timedelta(hours=1)
MAX_PLACES: Final = 1000
"""So many destinations are remembered at least; those that got nothing for an hour are forgotten beyond it."""


class BounceBudget:
    """What went where in the last hour."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[datetime]] = {}

    def room(self, destination: str, *, per_hour: int, now: datetime) -> int:
        """How many more may go there now."""
        times = self._sent.get(destination)
        while times and times[0] <= now - HOUR:
            times.popleft()
        return max(0, per_hour - len(times or ()))

    def spend(self, destination: str, now: datetime) -> None:
        """One went there."""
        if len(self._sent) >= MAX_PLACES and destination not in self._sent:
            self._sent = {place: times for place, times in self._sent.items() if times and times[-1] > now - HOUR}
        self._sent.setdefault(destination, deque()).append(now)

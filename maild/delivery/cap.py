"""How many sessions a server bears at the same time, as its refusals teach it. Pure.

A refusal while others work lowers the number to what works. It grows back by one a pause and not all at once, so that
the server is asked for one session too many now and then, and not for many.
"""

from datetime import datetime, timedelta
from typing import Final


class Cap:
    """See above. `lowerings` counts them: what began before the last one says nothing about the sessions left since."""

    def __init__(self, pause: timedelta) -> None:
        self._pause: Final = pause
        self._lowered: tuple[int, datetime] | None = None
        self.lowerings = 0

    def lower(self, sessions: int, now: datetime) -> None:
        """The server bears so many."""
        self.lowerings += 1
        self._lowered = (max(1, sessions), now)

    def of(self, most: int, now: datetime) -> int:
        """How many there may be, where the account allows so many."""
        if self._lowered is None:
            return most
        sessions, since = self._lowered
        # A clock that was set back must not keep it low.
        return min(most, sessions + abs(now - since) // self._pause)

    def forget(self) -> None:
        """It is another server, or another account of it."""
        self._lowered = None

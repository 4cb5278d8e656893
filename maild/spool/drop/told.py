"""What observers were told of drops that stay where they are, so that nobody hears of one again and again. Pure.

Bounded: when very many drops are in trouble, the first ten thousand are told of.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from maild.spool.drop.outcome import Crowded
from maild.spool.events import DropUnreadable, SpoolEvent, UserCrowded

MAX_REMEMBERED: Final = 10_000


class Told:
    """Tells once; `emit` is told."""

    def __init__(self, emit: Callable[[SpoolEvent], None]) -> None:
        self._emit = emit
        self._drops: set[str] = set()
        self._crowded_until: dict[int, datetime] = {}

    def stays(self, drop: str, detail: str) -> None:
        """A drop stays where it is, and `detail` says why; told once a drop, until the next start."""
        if drop not in self._drops and len(self._drops) < MAX_REMEMBERED:
            self._drops.add(drop)
            self._emit(DropUnreadable(drop=drop, detail=detail))

    def crowded(self, crowded: Crowded, now: datetime) -> None:
        """A user has dropped as much as he may; told once, until his next drops may be taken in."""
        if self._crowded_until.get(crowded.user, now) <= now:
            until = now + timedelta(microseconds=crowded.wait_ns // 1000)
            self._crowded_until[crowded.user] = until
            self._emit(UserCrowded(user=crowded.user, drop=crowded.found.drop, until=until))

"""Turns: whose message goes next. Streams of one priority take turns one by one; the more urgent have more of them.

Of thirteen messages eight are urgent, four normal and one bulk, while there are such; what one priority does not use
the others have. So nothing urgent waits behind a flood, and no flood of what calls itself urgent stops the rest. Pure.
"""

from collections.abc import Collection
from typing import Final

from maild.mail.priority import Priority
from maild.spool.stream import STREAMS_EACH

_SHARES: Final = {Priority.URGENT: 8, Priority.NORMAL: 4, Priority.BULK: 1}
_FULL: Final = tuple(_SHARES[priority] for priority in Priority)


class Turns:
    """Remembers who had the last turn."""

    __slots__ = ("_last", "_left")

    def __init__(self) -> None:
        self._left = list(_FULL)
        self._last = [-1] * len(_FULL)

    def next(self, ready: Collection[int]) -> int:
        """The stream whose turn it is, of these, at least one, that have something to send."""
        if len(ready) == 1:
            (only,) = ready
            return only
        by_level: dict[int, list[int]] = {}
        for stream in ready:
            by_level.setdefault(stream // STREAMS_EACH, []).append(stream)
        level = min((level for level in by_level if self._left[level]), default=None)
        if level is None:
            self._left = list(_FULL)
            level = min(by_level)
        self._left[level] -= 1
        streams, last = by_level[level], self._last[level]
        chosen = self._last[level] = min((one for one in streams if one > last), default=min(streams))
        return chosen

"""The line of a lane: leased messages that wait for a courier. Streams take turns in it. Pure.

It is bounded by its owner, in messages and in bytes; `waiting` says whether there is a bound to heed for a stream: one
that has nothing in the line always finds a place, and there are so few streams that this is a bound, too.
"""

from collections import Counter, deque
from collections.abc import Collection
from typing import Final

from maild.delivery.attempt import Part
from maild.delivery.turns import Turns

MOST_BYTES: Final = 16 * 1024 * 1024
"""More than this of leased messages makes nothing faster."""


class Line:
    """Parts in the order in which they came, each stream's for itself. `turns` are also those of what waits outside."""

    def __init__(self) -> None:
        self.turns: Final = Turns()
        self._parts: Final[deque[Part]] = deque()
        self._streams: Final[Counter[int]] = Counter()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._parts)

    @property
    def is_heavy(self) -> bool:
        """Whether what is in it takes more memory than it should."""
        return self._bytes > MOST_BYTES

    @property
    def streams(self) -> Collection[int]:
        """Those that have something in the line."""
        return self._streams.keys()

    def append(self, part: Part) -> None:
        """One more."""
        self._parts.append(part)
        self._count(part)

    def put_back(self, part: Part) -> None:
        """One that had left comes before all others of its stream."""
        self._parts.appendleft(part)
        self._count(part)

    def pop(self) -> Part:
        """The first of the stream whose turn it is; there must be one."""
        part = self._next()
        stream = part.attempt.message.stream
        self._bytes -= part.size_bytes
        self._streams[stream] -= 1
        if not self._streams[stream]:
            del self._streams[stream]
        return part

    def clear(self) -> list[Part]:
        """Take out all."""
        parts = list(self._parts)
        self._parts.clear()
        self._streams.clear()
        self._bytes = 0
        return parts

    def _next(self) -> Part:
        if len(self._streams) > 1:
            stream = self.turns.next(self._streams)
            part = next(one for one in self._parts if one.attempt.message.stream == stream)
            self._parts.remove(part)
            return part
        return self._parts.popleft()

    def _count(self, part: Part) -> None:
        self._bytes += part.size_bytes
        self._streams[part.attempt.message.stream] += 1

"""A schedule: the queued messages of one pool, and which of them come next. Pure: it is told `now`.

Holds a window for each stream (`delivery.window`), so what it costs does not grow with the queue, and what is not in
memory is asked for in spans. It knows no message and no account: whoever takes an id asks the queue, and the queue's
answer is the truth.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from maild.delivery.turns import Turns
from maild.delivery.window import FIRST, Entry, Window
from maild.spool.queue import QueueId, Span, Waiting

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

TIMED_SPAN: Final = 512
POOL_SPAN: Final = 128
"""How many are read at a time, of what waits for its time and of what waits for something else: of the latter there may
be many pools.
"""


class Schedule:
    """The messages of one pool.

    Attributes:
        pool: its name; the nameless one is of what waits for its time, in all others everything is due.
        count: how many messages there are, here and on disk, as far as is known.
    """

    __slots__ = ("_windows", "count", "pool")

    def __init__(self, pool: str = "") -> None:
        self.pool: Final = pool
        self.count = 0
        self._windows: Final[dict[int, Window]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits, here or on disk."""
        return all(window.is_empty for window in self._windows.values())

    def holds(self, stream: int) -> bool:
        """Whether something of this stream waits."""
        window = self._windows.get(stream)
        return window is not None and not window.is_empty

    def expect(self, stream: int) -> None:
        """There are messages of this stream on disk."""
        if stream not in self._windows:
            self._windows[stream] = Window(is_complete=False)

    def doubt(self, stream: int, count: int, now: datetime) -> None:
        """So many of this stream are on disk, and perhaps others than are known: read them anew where that matters.

        Who knows of something that is due has something to do, and finds out with it.
        """
        window = self._windows.get(stream)
        if window is None:
            self._windows[stream] = Window(is_complete=False)
        elif self.due(stream, _microseconds(now)) is None and not (window.is_complete and len(window) == count):
            window.forget()

    def add(self, waiting: Waiting, *, is_first: bool = False) -> None:
        """A message waits, or waits for another time than before; in front of all others where that is said."""
        window = self._windows.get(waiting.stream)
        if window is None:
            window = self._windows[waiting.stream] = Window(is_complete=True)
        if is_first:
            window.add_first(waiting.id)
        else:
            window.add((_microseconds(waiting.next_at), waiting.id))

    @property
    def streams(self) -> Collection[int]:
        """All that it has heard of."""
        return self._windows.keys()

    def due(self, stream: int, latest: int) -> Entry | None:
        """The next message of a stream, if it is due at that microsecond."""
        window = self._windows.get(stream)
        top = None if window is None else window.top()
        return top if top is not None and (self.pool != "" or top[0] <= latest) else None

    def pop(self, stream: int) -> QueueId:
        """Take out the next message of a stream, which must be due."""
        return self._windows[stream].pop()

    def next_at(self, now: datetime) -> datetime | None:
        """When the next message is due, never before `now`; None when nothing waits."""
        times = [
            top[0] if (top := window.top()) is not None else FIRST[0]
            for window in self._windows.values()
            if not window.is_empty
        ]
        if not times:
            return None
        return now if self.pool != "" else max(now, _EPOCH + max(min(times), 0) * _MICROSECOND)

    def wanted(self) -> Iterator[Span]:
        """What has to be read before anything more can be taken; each is to be followed by `fill`."""
        limit = POOL_SPAN if self.pool else TIMED_SPAN
        for stream, window in self._windows.items():
            if window.is_wanting:
                due, id_ = window.begin()
                after = None if (due, id_) == FIRST else (_EPOCH + due * _MICROSECOND, id_)
                yield Span(pool=self.pool, stream=stream, after=after, limit=limit)

    def fill(self, span: Span, found: Sequence[Waiting]) -> None:
        """What was found in a span."""
        entries = [(_microseconds(one.next_at), one.id) for one in found]
        self._windows[span.stream].fill(entries, is_all=len(found) < span.limit)


def take(schedules: Sequence[Schedule], now: datetime, limit: int, turns: Turns) -> list[QueueId]:
    """Take out what is due in these, at most so many, the streams by turns and each in its order."""
    taken: list[QueueId] = []
    ready = _ready(schedules, now)
    while ready and len(taken) < limit:
        stream = turns.next(ready)
        taken.append(ready[stream].pop(stream))
        again = _oldest(schedules, stream, now)
        if again is None:
            del ready[stream]
        else:
            ready[stream] = again
    return taken


def take_one_each(schedules: Sequence[Schedule], now: datetime, without: Collection[int]) -> list[QueueId]:
    """Take out one due message of each stream but these."""
    ready = _ready(schedules, now)
    return [ready[stream].pop(stream) for stream in sorted(ready) if stream not in without]


def _ready(schedules: Sequence[Schedule], now: datetime) -> dict[int, Schedule]:
    """By stream that has something due, the schedule that has the oldest of it."""
    streams = {stream for schedule in schedules for stream in schedule.streams}
    found = {stream: _oldest(schedules, stream, now) for stream in streams}
    return {stream: schedule for stream, schedule in found.items() if schedule is not None}


def _oldest(schedules: Sequence[Schedule], stream: int, now: datetime) -> Schedule | None:
    latest = _microseconds(now)
    due = [(top, schedule) for schedule in schedules if (top := schedule.due(stream, latest)) is not None]
    return min(due, key=lambda one: one[0])[1] if due else None


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND

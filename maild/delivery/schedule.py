"""The schedule: which queued messages are due, and when the next one will be. Pure: it is told `now`.

It holds nothing but ids and instants, so that a million waiting messages cost a heap entry each. What is taken out or
moved leaves its old heap entry behind; such stale entries are dropped when they come to the top, and the heap is built
anew when they are the majority, so that a message that is moved for ever cannot grow it.

It knows no message and no account: whoever takes an id asks the queue, and the queue's answer is the truth.
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from maild.spool.queue import QueueId, Waiting

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

_SMALL_HEAP: Final = 1024
"""Below this many entries stale ones are not worth a rebuild."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is due, oldest first, and when to look again: None when nothing waits, `now` when more is due already."""

    ready: tuple[QueueId, ...]
    wake_at: datetime | None


class Schedule:
    """Ids in the order of their instants. Instants are kept as whole microseconds: exact, and a third of the size."""

    __slots__ = ("_due", "_heap")

    def __init__(self, waiting: Iterable[Waiting] = ()) -> None:
        self._due: dict[QueueId, int] = {}
        self._heap: list[tuple[int, QueueId]] = []
        self.extend(waiting)

    def __len__(self) -> int:
        return len(self._due)

    def __contains__(self, id_: QueueId) -> bool:
        return id_ in self._due

    def add(self, id_: QueueId, at: datetime) -> None:
        """Schedule a message, or move one that is scheduled already."""
        due = _microseconds(at)
        if self._due.get(id_) != due:
            self._due[id_] = due
            heapq.heappush(self._heap, (due, id_))
            self._compact()

    def extend(self, waiting: Iterable[Waiting]) -> None:
        """Schedule many at once: cheaper than one by one from a few hundred on."""
        for each in waiting:
            due = _microseconds(each.next_at)
            if self._due.get(each.id) != due:
                self._due[each.id] = due
                self._heap.append((due, each.id))
        heapq.heapify(self._heap)
        self._compact()

    def discard(self, id_: QueueId) -> None:
        """Forget a message; one that is not scheduled is no error."""
        if self._due.pop(id_, None) is not None:
            self._compact()

    def take(self, now: datetime, limit: int) -> Taken:
        """Take out what is due at `now`, at most `limit` ids; equal instants come in the order of their ids."""
        present = _microseconds(now)
        ready: list[QueueId] = []
        while len(ready) < limit and (top := self._top()) is not None and top[0] <= present:
            heapq.heappop(self._heap)
            del self._due[top[1]]
            ready.append(top[1])
        return Taken(ready=tuple(ready), wake_at=self.next_at(now))

    def next_at(self, now: datetime) -> datetime | None:
        """When the next message is due, never before `now`; None when nothing waits."""
        top = self._top()
        return None if top is None else max(now, _EPOCH + top[0] * _MICROSECOND)

    def _top(self) -> tuple[int, QueueId] | None:
        while self._heap:
            due, id_ = self._heap[0]
            if self._due.get(id_) == due:
                return due, id_
            heapq.heappop(self._heap)
        return None

    def _compact(self) -> None:
        if len(self._heap) > _SMALL_HEAP and len(self._heap) > 2 * len(self._due):
            self._heap = [(due, id_) for id_, due in self._due.items()]
            heapq.heapify(self._heap)


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND

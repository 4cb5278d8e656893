"""A window on the messages of one pool and one stream: the soonest of them, as far as they are held in memory. Pure.

The queue is on disk, and there may be a million. Of each pool and stream the next few hundred are here, and `end` says
up to where this is all there is; what is added behind it is left to the disk. When the window is empty, whoever owns it
asks for the span behind `end` (`begin`) and hands over what was read (`fill`). What is added between the two was
perhaps not read any more, so it is remembered until then.

An entry is a time in microseconds and an id. Those that were moved or taken leave their old heap entry behind, which is
dropped when it comes to the top. That an id is here is no promise: the queue is asked before anything is sent.
"""

import heapq
from collections.abc import Sequence
from typing import Final, TypeAlias

from maild.spool.queue import QueueId

Entry: TypeAlias = tuple[int, QueueId]

MOST: Final = 1024
"""Entries at most: then the latest half is left to the disk."""

FIRST: Final = (-(2**62), QueueId(""))
"""Before all entries."""


class Window:
    """See above; `is_complete` when nothing of this pool and stream is on disk that is not told."""

    __slots__ = ("_due", "_end", "_front", "_heap", "_late")

    def __init__(self, *, is_complete: bool) -> None:
        self._due: dict[QueueId, int] = {}
        self._heap: list[Entry] = []
        self._end: Entry | None = None if is_complete else FIRST
        self._late: list[Entry] | None = None
        self._front = 0

    def __len__(self) -> int:
        return len(self._due)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits, here or on disk."""
        return not self._due and self._end is None

    @property
    def is_complete(self) -> bool:
        """Whether all that waits is here, as far as is known."""
        return self._end is None

    @property
    def is_wanting(self) -> bool:
        """Whether what comes next is on disk, and nobody was sent for it yet."""
        return not self._due and self._end is not None and self._late is None

    def add(self, entry: Entry) -> None:
        """A message waits from now on, or at another time than before."""
        if self._end is not None and entry > self._end:
            if self._late is not None:
                self._late.append(entry)
            return
        due, id_ = entry
        if self._due.get(id_) != due:
            self._due[id_] = due
            heapq.heappush(self._heap, entry)
            if len(self._heap) > 2 * MOST or len(self._due) > MOST:
                self._trim()

    def add_first(self, id_: QueueId) -> None:
        """A message waits in front of all others."""
        self._front -= 1
        self.add((self._front, id_))

    def top(self) -> Entry | None:
        """The next entry; None when none is here."""
        while self._heap:
            due, id_ = self._heap[0]
            if self._due.get(id_) == due:
                return due, id_
            heapq.heappop(self._heap)
        return None

    def pop(self) -> QueueId:
        """Take out the next one; `top` must have shown it."""
        _, id_ = heapq.heappop(self._heap)
        del self._due[id_]
        return id_

    def begin(self) -> Entry:
        """Somebody is sent for what comes behind this."""
        self._late = []
        return self._end or FIRST

    def forget(self) -> None:
        """Others have changed what is on disk: it is to be read anew, from the first."""
        self._due, self._heap, self._end, self._late = {}, [], FIRST, None

    def fill(self, entries: Sequence[Entry], *, is_all: bool) -> None:
        """What was found there; `is_all` when there is no more."""
        late, self._late = self._late, None
        if late is None:
            # So much was added meanwhile that the window ends elsewhere now.
            return
        for due, id_ in entries:
            self._due[id_] = due
        self._heap = [(due, id_) for id_, due in self._due.items()]
        heapq.heapify(self._heap)
        self._end = None if is_all else entries[-1]
        for entry in late:
            self.add(entry)

    def _trim(self) -> None:
        self._heap = sorted((due, id_) for id_, due in self._due.items())
        if len(self._heap) > MOST:
            del self._heap[MOST // 2 :]
            self._due = {id_: due for due, id_ in self._heap}
            self._end, self._late = self._heap[-1], None

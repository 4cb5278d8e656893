"""Looks at open drops, and remembers what unfinished ones looked like. Shell code; the judging is in `quiet`."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from maild.spool.drop.lease import is_closed_by_writers
from maild.spool.drop.name import is_own_name
from maild.spool.drop.quiet import Look

MAX_FILES: Final = 50_000
"""As many as one pass over the folder looks at."""

_Shape: TypeAlias = tuple[int, int, int]


class SeenFiles:
    """Since when files look as they do: for file systems whose clock is not ours. Bounded."""

    def __init__(self) -> None:
        self._files: dict[tuple[int, int], tuple[_Shape, int]] = {}

    def unchanged_since_ns(self, status: os.stat_result, *, now_ns: int) -> int:
        """Since when we have seen the file exactly like this; now, when it is new or changed."""
        key = (status.st_dev, status.st_ino)
        shape = (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        known = self._files.get(key)
        # With a clock that was set back it is seen anew; else it would be quiet when the clock is there again.
        if known is not None and known[0] == shape and known[1] <= now_ns:
            return known[1]
        if len(self._files) >= MAX_FILES:
            # Those whose files went away would stay for ever; a file that is forgotten only waits anew.
            self._files.clear()
        self._files[key] = (shape, now_ns)
        return now_ns

    def forget(self, status: os.stat_result) -> None:
        """The file is taken in."""
        self._files.pop((status.st_dev, status.st_ino), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """Looks at files at one moment.

    Attributes:
        now_ns: the present, nanoseconds since 1970.
        was_placed: whether somebody saw the drop of this name being renamed into place.
    """

    seen: SeenFiles
    now_ns: int
    was_placed: Callable[[str], bool]

    def look(self, status: os.stat_result, descriptor: int, *, drop: str) -> Look:
        """What an open file looks like; `drop` is the drop's name, also for its envelope file."""
        return Look(
            mtime_ns=status.st_mtime_ns,
            ctime_ns=status.st_ctime_ns,
            is_closed=is_closed_by_writers(descriptor),
            is_complete=is_own_name(drop.rpartition("/")[2]) or self.was_placed(drop),
            unchanged_since_ns=self.seen.unchanged_since_ns(status, now_ns=self.now_ns),
        )

"""When which account is probed. Takes the time, reads none; jitter is handed in.

New and changed accounts are due at once, also while they are probed as they were before, then every interval give or
take a tenth, so that a hundred accounts do not knock at one provider in step. A request brings the next probe forward,
but never closer to the last one than `REQUEST_SPACING_S`: sends that fail ask for a probe each, and there are providers
that take two connections a minute.
"""

from collections.abc import Collection
from datetime import timedelta
from heapq import heappop, heappush
from typing import Final

MIN_INTERVAL_S: Final = 60.0
REQUEST_SPACING_S: Final = 30.0
JITTER: Final = 0.1


class Timetable:
    """The due times by account, in seconds of any clock that only goes forward."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}
        self._started: dict[str, float] = {}
        self._running: set[str] = set()
        # The same as `_due`, soonest first, besides entries that are out of date: ten thousand accounts are due one by
        # one. Those that are being probed have none; `finished` makes it.
        self._queue: list[tuple[float, str]] = []

    def plan(self, gone: Collection[str], changed: Collection[str], *, now_s: float) -> None:
        """From now on without those that are gone, and with these, which are new or changed and so due at once."""
        # A probe under way is of what was before, and `finished` is not told of it.
        self._running.difference_update(gone, changed)
        for name in gone:
            self._due.pop(name, None)
            self._started.pop(name, None)
        for name in changed:
            self._set(name, now_s)

    def request(self, account: str, *, now_s: float) -> None:
        """This one soon; an unknown name is nobody's fault (the account was just removed) and does nothing."""
        if account not in self._due:
            return
        started = self._started.get(account)
        soon = now_s if started is None else max(now_s, started + REQUEST_SPACING_S)
        self._set(account, min(self._due[account], soon))

    def take(self, *, now_s: float, most: int) -> tuple[tuple[str, ...], float | None]:
        """Those to be probed now, so many at most, and when to ask again; None: not before something changes."""
        ready: list[str] = []
        while (top := self._top()) is not None and top[0] <= now_s and len(ready) < most:
            name = top[1]
            ready.append(name)
            self._running.add(name)
            self._started[name] = now_s
            # Until `finished` says better; what is asked for meanwhile brings it forward.
            self._due[name] = float("inf")
        return tuple(ready), None if top is None else top[0]

    def finished(self, account: str, *, now_s: float, interval: timedelta, fraction: float) -> None:
        """A probe ended, of the account as it is planned now; `fraction` is a random number from 0 to 1."""
        self._running.discard(account)
        if account in self._due:
            spread = 1 - JITTER + 2 * JITTER * fraction
            next_s = now_s + max(MIN_INTERVAL_S, interval.total_seconds()) * spread
            self._set(account, min(self._due[account], next_s))

    def _set(self, account: str, due_s: float) -> None:
        self._due[account] = due_s
        if account not in self._running:
            heappush(self._queue, (due_s, account))

    def _top(self) -> tuple[float, str] | None:
        """The next one that is not being probed."""
        while self._queue:
            due_s, name = self._queue[0]
            if self._due.get(name) == due_s and name not in self._running:
                return self._queue[0]
            heappop(self._queue)
        return None

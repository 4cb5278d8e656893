"""When which account is probed. Takes the time, reads none; jitter is handed in.

New and changed accounts are due at once, then every interval give or take a tenth, so that a hundred accounts do not
knock at one provider in step. A request brings the next probe forward, but never closer to the last one than
`REQUEST_SPACING_S`: sends that fail ask for a probe each, and there are providers that take two connections a minute.
"""

from collections.abc import Mapping
from datetime import timedelta
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

    def plan(self, accounts: Mapping[str, bool], *, now_s: float) -> None:
        """From now on these accounts; the value says whether the account is new or changed and so due at once."""
        self._due = {
            name: now_s if is_changed or name not in self._due else self._due[name]
            for name, is_changed in accounts.items()
        }
        self._started = {name: at for name, at in self._started.items() if name in accounts}

    def request(self, account: str, *, now_s: float) -> None:
        """This one soon; an unknown name is nobody's fault (the account was just removed) and does nothing."""
        if account not in self._due:
            return
        started = self._started.get(account)
        soon = now_s if started is None else max(now_s, started + REQUEST_SPACING_S)
        self._due[account] = min(self._due[account], soon)

    def take(self, *, now_s: float) -> tuple[tuple[str, ...], float | None]:
        """Those to be probed now, and when to ask again; None: not before something changes."""
        ready = tuple(name for name, due in self._due.items() if due <= now_s and name not in self._running)
        for name in ready:
            self._running.add(name)
            self._started[name] = now_s
            # Until `finished` says better; what is asked for meanwhile brings it forward.
            self._due[name] = float("inf")
        waiting = [due for name, due in self._due.items() if name not in self._running and due < float("inf")]
        return ready, min(waiting, default=None)

    def finished(self, account: str, *, now_s: float, interval: timedelta, fraction: float) -> None:
        """A probe ended; `fraction` is a random number from 0 to 1."""
        self._running.discard(account)
        if account in self._due:
            spread = 1 - JITTER + 2 * JITTER * fraction
            next_s = now_s + max(MIN_INTERVAL_S, interval.total_seconds()) * spread
            self._due[account] = min(self._due[account], next_s)

"""Which accounts the canary is to try when, and what a try decides. Pure: seconds of a clock that only goes forward.

A new candidate is due at once. One that failed, or of which nothing could be told, is due again after ten seconds, then
twice as long each time, up to five minutes. After `MOST_UNTOLD` tries that told nothing, and none that failed, the
candidate is waived: a network that is down must not keep an edit out for ever, for it may be the edit that mends it.
One that failed once leaves by a try that passes, or by another edit.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final

from maild.daemon.canary import Candidate, Failing, Passed, Verdict, Waived, failing
from maild.probe.result import ProbeResult

FIRST_PAUSE_S: Final = 10.0
LONGEST_PAUSE_S: Final = 300.0
MOST_UNTOLD: Final = 6
"""Tries without an answer; with the pauses in between a little more than five minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a candidate is: tries that ended, those of them that told nothing, when the next one is due; None while
    one is under way.
    """

    tries: int
    untold: int
    due_s: float | None


@dataclass(slots=True)
class _Entry:
    candidate: Candidate
    due_s: float | None
    tries: int = 0
    untold: int = 0
    failing: Failing | None = None
    is_hurried: bool = False

    @property
    def pause_s(self) -> float:
        return min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(self.tries - 1, 10))


class Docket:
    """The candidates, by file."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        # Soonest first, besides entries that are out of date: twenty thousand files may come at once.
        self._queue: list[tuple[float, str]] = []

    def __len__(self) -> int:
        return len(self._entries)

    def use(self, candidates: Mapping[str, Candidate], *, now_s: float) -> None:
        """From now on these; those that were there with the same content go on as they are."""
        for file in self._entries.keys() - candidates.keys():
            del self._entries[file]
        for file, candidate in candidates.items():
            known = self._entries.get(file)
            if known is not None and known.candidate.content == candidate.content:
                known.candidate = candidate
                continue
            self._entries[file] = _Entry(candidate, None)
            self._set(file, now_s)

    def take(self, *, now_s: float, most: int) -> tuple[tuple[Candidate, ...], float | None]:
        """At most so many to be tried now, and when to ask again; None: not before something changes."""
        ready: list[Candidate] = []
        while (due_s := self._next_due()) is not None and due_s <= now_s and len(ready) < most:
            entry = self._entries[heappop(self._queue)[1]]
            entry.due_s = None
            ready.append(entry.candidate)
        return tuple(ready), None if len(ready) == most else due_s

    def finished(self, candidate: Candidate, result: ProbeResult, *, now_s: float) -> Verdict | None:
        """What a try decides; None: nothing new, or the candidate is none any more.

        One that fails for the same cause again is no news: the words are the server's and may be others every time,
        and after a refused login those of the first try say more than those of the ones that did not log in.
        """
        entry = self._entries.get(candidate.file)
        if entry is None or entry.candidate.content != candidate.content:
            return None
        can_send = result.can_send
        if can_send:
            return Passed(content=candidate.content)
        entry.tries += 1
        entry.untold += can_send is None
        verdict: Verdict | None = None
        if can_send is False:
            last, now = entry.failing, failing(entry.candidate, result)
            if last is None or last.cause != now.cause:
                verdict = entry.failing = now
        elif entry.failing is None and entry.untold >= MOST_UNTOLD:
            verdict = Waived(content=candidate.content)
        is_hurried, entry.is_hurried = entry.is_hurried, False
        self._set(candidate.file, now_s if is_hurried else now_s + entry.pause_s)
        return verdict

    def hurry(self, accounts: Collection[str] | None = None, *, now_s: float) -> None:
        """Try these now, None: all; one that is under way again at its end, for its password may be the old one."""
        for file, entry in self._entries.items():
            if accounts is not None and entry.candidate.account.name not in accounts:
                continue
            if entry.due_s is not None:
                self._set(file, min(entry.due_s, now_s))
            elif accounts is not None:
                entry.is_hurried = True

    def progress(self, file: str) -> Progress | None:
        """How far this one is; None: it is none of them."""
        entry = self._entries.get(file)
        return None if entry is None else Progress(tries=entry.tries, untold=entry.untold, due_s=entry.due_s)

    def _set(self, file: str, due_s: float) -> None:
        self._entries[file].due_s = due_s
        heappush(self._queue, (due_s, file))

    def _next_due(self) -> float | None:
        while self._queue:
            due_s, file = self._queue[0]
            entry = self._entries.get(file)
            if entry is not None and entry.due_s == due_s:
                return due_s
            heappop(self._queue)
        return None

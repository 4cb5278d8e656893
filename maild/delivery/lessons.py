"""What delivery has learnt of the accounts' allowances: kept in the queue, so that a restart does not forget it.

    a refusal names a number      that is the allowance, for a week
    a refusal names none          what went out in the last day was all there is, for a day
    recipients were too many      as many as were taken go in one transaction, for a day
    messages were too many        as many go over one connection, for a day

Nothing is learnt that is not less than what is known already. The one who learns goes on at once; it is written by the
engine's working task.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from maild.delivery.budget import Budget
from maild.delivery.recorder import Recorder
from maild.spool.allowance import Allowance, AllowanceKind
from maild.spool.queue import Queue

STATED_FOR: Final = timedelta(days=7)
GUESSED_FOR: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """So much of a kind is allowed; believed for so long."""

    kind: AllowanceKind
    value: int
    lasting: timedelta = STATED_FOR


class Lessons:
    """See above."""

    def __init__(self, queue: Queue, recorder: Recorder) -> None:
        self._queue: Final = queue
        self._recorder: Final = recorder
        self._known: dict[str, tuple[Allowance, ...]] = {}
        self._unwritten: dict[str, tuple[Allowance, ...]] = {}

    async def load(self, now: datetime) -> None:
        """Remember what was learnt before the start."""
        self._known = dict(await self._recorder.persist(lambda: self._queue.allowances(now=now)))

    def of(self, account: str) -> tuple[Allowance, ...]:
        """What is known of an account."""
        return self._known.get(account, ())

    def forget(self, account: str) -> None:
        """The account is another one now."""
        if self.of(account):
            self._known[account] = self._unwritten[account] = ()

    def learn(self, account: str, budget: Budget, lesson: Lesson, now: datetime) -> None:
        """An account's server allows only so much; no news if that is not less than what is known."""
        known = budget.limit(lesson.kind, now)
        if lesson.value < 1 or (known is not None and lesson.value >= known):
            return
        others = (one for one in budget.lowered(now) if one.kind is not lesson.kind)
        found = (*others, Allowance(kind=lesson.kind, value=lesson.value, until=now + lesson.lasting))
        self._known[account] = self._unwritten[account] = found
        budget.lower(found)

    async def write(self) -> None:
        """Write down what was learnt lately."""
        while self._unwritten:
            await self._recorder.persist(self._write_once)

    async def _write_once(self) -> None:
        unwritten = dict(self._unwritten)
        await self._queue.set_allowances(unwritten)
        for account, allowances in unwritten.items():
            if self._unwritten.get(account) is allowances:
                del self._unwritten[account]

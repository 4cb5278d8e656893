"""Fills the budgets from the queue: what went out before the start counts at the provider too. The day is told by the
hour, the minute by whole minutes of the clock; a message counts as late as it may have been.

Who needs it says so once: the engine asks many times a second, and does not go through ten thousand lanes for that.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from maild.delivery.budget import DAY, Spent
from maild.delivery.lane import Lane
from maild.delivery.recorder import Recorder
from maild.spool.queue import Queue

_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)


class History:
    """See above; one for all lanes."""

    def __init__(self, queue: Queue, recorder: Recorder) -> None:
        self._queue: Final = queue
        self._recorder: Final = recorder
        self._owed: set[Lane] = set()

    def owe(self, lane: Lane) -> None:
        """What this lane sent before is not in its budget yet, if it counts that at all."""
        self._owed.add(lane)

    async def learn(self, now: datetime) -> None:
        """Tell the lanes that need it what they sent; asks the queue only when one does."""
        owed, self._owed = self._owed, set()
        needy = [lane for lane in owed if lane.gate.budget.is_counted and not lane.is_retired]
        if not needy:
            return
        begins = [now - hours * _HOUR for hours in range(DAY // _HOUR, 0, -1)]
        counts = [await self._sent_since(begin) for begin in begins]
        minutes = [await self._sent_since(begin) for begin in (now - _MINUTE, now)]
        for lane in needy:
            name = lane.account.name
            sent = [
                Spent(at=end, recipients=earlier.get(name, 0) - later.get(name, 0))
                for end, (earlier, later) in zip((*begins[1:], now), pairwise((*counts, {})), strict=True)
            ]
            lately, just_now = (minute.get(name, 0) for minute in minutes)
            begun = now.replace(second=0, microsecond=0)
            last_minute = [begun] * (lately - just_now) + [now] * just_now
            lane.gate.budget.learn([spent for spent in sent if spent.recipients > 0], last_minute)

    async def _sent_since(self, since: datetime) -> Mapping[str, int]:
        return await self._recorder.persist(lambda: self._queue.sent_since(since))

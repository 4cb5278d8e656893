"""Fills the budgets from the queue: what went out before the start counts at the provider too. The day is told by the
hour, the minute by whole minutes of the clock; a message counts as late as it may have been.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from maild.delivery.budget import DAY, Spent
from maild.delivery.lane import Lane
from maild.delivery.recorder import Recorder
from maild.spool.queue import Queue

_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)


async def learn_history(lanes: Iterable[Lane], queue: Queue, recorder: Recorder, now: datetime) -> None:
    """Tell the lanes that need it what they sent; asks the queue only when one does."""
    needy = [lane for lane in lanes if lane.needs_history]
    if not needy:
        return
    begins = [now - hours * _HOUR for hours in range(DAY // _HOUR, 0, -1)]
    counts = [await _sent_since(queue, recorder, begin) for begin in begins]
    minutes = [await _sent_since(queue, recorder, begin) for begin in (now - _MINUTE, now)]
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
        lane.needs_history = False


async def _sent_since(queue: Queue, recorder: Recorder, since: datetime) -> Mapping[str, int]:
    return await recorder.persist(lambda: queue.sent_since(since))

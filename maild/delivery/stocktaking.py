"""Counts what waits anew when another process has changed the queue: it does not tell what was before. Shell code.

The queue is counted while the engine goes on, so the count is right only if nothing was on its way between the queue
and the homes meanwhile; else it is taken again, a second later.
"""

from datetime import datetime, timedelta
from typing import Final

from maild.delivery.attempts import Attempts
from maild.delivery.homes import Homes
from maild.delivery.recorder import Recorder
from maild.spool.queue import Queue

EVERY: Final = timedelta(seconds=1)
"""To count a million takes a third of a second."""

SOON: Final = timedelta(milliseconds=100)


class Stocktaking:
    """See above. Belongs to the task that takes messages out."""

    def __init__(self, queue: Queue, homes: Homes, attempts: Attempts, recorder: Recorder) -> None:
        self._queue: Final = queue
        self._homes: Final = homes
        self._attempts: Final = attempts
        self._recorder: Final = recorder
        self._not_before: datetime | None = None
        self.is_due = False

    async def step(self, now: datetime) -> None:
        """Count if that is due and can be done."""
        at = self._not_before
        if not self.is_due or (at is not None and now < at <= now + EVERY):
            return
        if self._attempts.unsettled:
            self._not_before = now + SOON
            return
        self._not_before, self.is_due = now + EVERY, False
        before = self._homes.changes
        census = await self._recorder.persist(self._queue.census)
        if self._homes.changes == before and not self._attempts.unsettled:
            self._homes.count(census)
        else:
            self.is_due = True

    def sooner(self, at: datetime | None) -> datetime | None:
        """When to look again: at this moment, or when it is time to count."""
        return min((one for one in (at, self._not_before) if one is not None), default=None) if self.is_due else at

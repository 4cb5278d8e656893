"""Counts what waits anew when another process has changed the queue: it does not tell what was before. Shell code.

A queue that other hosts send from is counted again and again: nobody tells what they took in, and one that is gone has
left what it took in to the others.

The queue is counted while the engine goes on, so the count is right only if nothing was on its way between the queue
and the homes meanwhile; else it is taken again, a second later.
"""

from datetime import datetime, timedelta
from typing import Final

from maild.delivery.attempts import Attempts
from maild.delivery.homes import Homes
from maild.delivery.ports import EnginePorts, Tuning
from maild.delivery.recorder import Recorder

EVERY: Final = timedelta(seconds=1)
"""To count a million takes a third of a second."""

THOROUGH: Final = timedelta(minutes=1)
"""How often what other hosts have put aside for themselves is looked at."""

SOON: Final = timedelta(milliseconds=100)


class Stocktaking:
    """See above. Belongs to the task that takes messages out."""

    def __init__(
        self, ports: EnginePorts, tuning: Tuning, homes: Homes, attempts: Attempts, recorder: Recorder
    ) -> None:
        self._queue: Final = ports.queue
        self._always: Final = tuning.recount
        self._homes: Final = homes
        self._attempts: Final = attempts
        self._recorder: Final = recorder
        self._not_before: datetime | None = None
        self._counted_at: datetime | None = None
        self._thorough_at: datetime | None = None
        self.is_due = False

    async def step(self, now: datetime) -> None:
        """Count if that is due and can be done."""
        self.is_due = self.is_due or self._is_time(now)
        at = self._not_before
        if not self.is_due or (at is not None and now < at <= now + EVERY):
            return
        if self._attempts.unsettled:
            self._not_before = now + SOON
            return
        self._not_before, self._counted_at, self.is_due = now + EVERY, now, False
        before = self._homes.changes
        census = await self._recorder.persist(self._queue.census)
        if self._homes.changes != before or self._attempts.unsettled:
            self.is_due = True
            return
        self._homes.count(census)
        if self._always is not None:
            is_thorough = self._thorough_at is None or not self._thorough_at <= now < self._thorough_at + THOROUGH
            self._thorough_at = now if is_thorough else self._thorough_at
            self._homes.doubt(census, now, is_thorough=is_thorough)

    def sooner(self, at: datetime | None) -> datetime | None:
        """When to look again: at this moment, or when it is time to count."""
        again_at = None
        if self._always is not None and self._counted_at is not None:
            again_at = self._counted_at + self._always
        times = (at, again_at, self._not_before if self.is_due else None)
        return min((one for one in times if one is not None), default=None)

    def _is_time(self, now: datetime) -> bool:
        """Whether it is to be counted though nobody said so. A clock may have been set back since."""
        at, always = self._counted_at, self._always
        return always is not None and (at is None or not at <= now < at + always)

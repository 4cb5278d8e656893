"""For `maild run --once`: takes in every drop, waits until nothing more can be sent now, and counts the rest.

Shell code. "Nothing can be sent now" is: no drop is waiting to be quiet, nothing is in flight, and nothing that is due
moves any more. What is left then waits for its next attempt or for an account that works.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from maild.clock import Clock
from maild.daemon.intakeloop import IntakeLoop
from maild.delivery.snapshot import DeliverySnapshot
from maild.spool.queue import MessageState, Queue

STILL_S: Final = 1.0
"""So long nothing may move before it counts as standing still: an account's session may just be opening."""

POLL_S: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Drain:
    """One draining of the spool."""

    intake: IntakeLoop
    queue: Queue
    clock: Clock
    snapshot: Callable[[], DeliverySnapshot]

    async def run(self) -> int:
        """Drain; returns how many messages are still waiting."""
        while await self.intake.take_all():
            await self._until_still()
        await self._until_still()
        counts = await self.queue.counts()
        return counts.get(MessageState.QUEUED, 0) + counts.get(MessageState.SENDING, 0)

    async def _until_still(self) -> None:
        loop = asyncio.get_running_loop()
        moved_at_s = loop.time()
        before = -1
        while True:
            # Counting reads the whole queue, and while something is being sent the count would decide nothing.
            if self.snapshot().in_flight:
                moved_at_s = loop.time()
            else:
                waiting = (await self.queue.counts()).get(MessageState.QUEUED, 0)
                due = await self.queue.due(now=self.clock.now())
                if waiting != before:
                    moved_at_s = loop.time()
                before = waiting
                is_still = not self.snapshot().in_flight
                if is_still and (due == 0 or loop.time() - moved_at_s >= STILL_S):
                    return
            await asyncio.sleep(POLL_S)

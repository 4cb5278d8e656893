"""Waits for a message: looks into the mailbox again and again, less often the longer it takes. Shell."""

import asyncio
from typing import Final

from maild.probe.arrival.judgement import Arrival
from maild.probe.arrival.mailbox import ArrivalPlace

FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 15.0


async def wait_for(
    place: ArrivalPlace, mark: str, *, within_s: float, longest_pause_s: float = LONGEST_PAUSE_S
) -> Arrival:
    """The message with this mark, or that it did not come.

    Raises:
        ArrivalError: the mailbox cannot be looked into.
    """
    loop = asyncio.get_running_loop()
    began_at, pause_s = loop.time(), FIRST_PAUSE_S
    while True:
        head = await asyncio.to_thread(place.take, mark)
        taken_s = loop.time() - began_at
        if head is not None or taken_s >= within_s:
            return Arrival(head=head, seconds=taken_s)
        await asyncio.sleep(min(pause_s, within_s - taken_s))
        pause_s = min(pause_s * 2, longest_pause_s)

"""What there is to send at the start: what waits, what a crash left behind, what waited for an account. Shell code."""

from datetime import datetime

from maild.delivery.homes import Homes
from maild.delivery.recorder import Recorder
from maild.spool.queue import Queue


async def recover(queue: Queue, homes: Homes, recorder: Recorder, now: datetime) -> None:
    """Give every message that waits its place in the schedule."""
    recovered = await recorder.persist(lambda: queue.recover(now=now))
    await recorder.owe_receipts(recovered)
    homes.schedule_all(await recorder.persist(queue.waiting))
    # What an account could not do before the restart it perhaps can now: one message tries, the others follow.
    for id_ in await recorder.persist(lambda: queue.blocked(now=now)):
        homes.schedule(id_, now)

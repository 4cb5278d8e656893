"""What there is to send at the start: what waits, and what a crash left behind. Shell code."""

from datetime import datetime

from maild.delivery.homes import Homes
from maild.delivery.recorder import Recorder
from maild.spool.queue import Queue


async def recover(queue: Queue, homes: Homes, recorder: Recorder, now: datetime) -> None:
    """Know of every message what it waits for; the messages themselves are read as their turn comes.

    What an account could not do before the restart it perhaps can now, and what had no way may have one: the homes give
    their pools new names, so all of that is routed at once, and one message tries.
    """
    recovered = await recorder.persist(lambda: queue.recover(now=now))
    await recorder.owe_receipts(recovered)
    homes.load(await recorder.persist(queue.census))

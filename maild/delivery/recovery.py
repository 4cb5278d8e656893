"""What there is to know at the start: what waits, what a crash left behind, what the accounts allow. Shell code."""

from maild.delivery.homes import Homes
from maild.delivery.house import House
from maild.delivery.recorder import Recorder


async def recover(house: House, homes: Homes, recorder: Recorder) -> None:
    """Know of every message what it waits for; the messages themselves are read as their turn comes.

    What an account could not do before the restart it perhaps can now, and what had no way may have one: the homes give
    their pools new names, so all of that is routed at once, and one message tries.
    """
    queue, now = house.ports.queue, house.ports.clock.now()
    await house.lessons.load(now)
    for lane in homes.lanes.values():
        lane.remember()
    recovered = await recorder.persist(lambda: queue.recover(now=now))
    await recorder.owe_receipts(recovered)
    homes.load(await recorder.persist(queue.census))

"""What there is to know at the start: what waits, what a crash left behind, what the accounts allow. Shell code."""

from maild.delivery.events import AnswerLost
from maild.delivery.homes import Homes
from maild.delivery.house import House
from maild.delivery.recorder import Recorder
from maild.spool.queue import RecipientState


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
    for message in recovered:
        if any(one.state is RecipientState.UNCERTAIN and one.verdict_at == now for one in message.recipients):
            house.ports.emit(AnswerLost(id=message.id, account=message.last_account or message.account))
    homes.load(await recorder.persist(queue.census))
    # What came in meanwhile was perhaps counted and perhaps not.
    house.recount()

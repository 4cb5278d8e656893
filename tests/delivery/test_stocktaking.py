from dataclasses import replace
from datetime import timedelta

from maild.spool.queue import MessageState
from tests.delivery.world import PATIENT, World, account
from tests.spool.messages import make_arrival, make_id
from tests.virtual_time import run_virtual

SHARED = replace(PATIENT, recount=timedelta(seconds=2))


def test_what_another_host_took_in_is_found_and_sent_though_nobody_tells() -> None:
    async def scenario() -> None:
        world = World(account("billing"), tuning=SHARED)
        async with world.running():
            own = await world.drop()
            await world.until(lambda: world.state(own) is MessageState.SENT)
            now = world.clock.now()
            theirs = [make_arrival(number, received_at=now) for number in range(101, 104)]

            await world.queue.accept(theirs)

            await world.until(lambda: all(world.state(one.id) is MessageState.SENT for one in theirs))
            assert world.clock.now() - now < timedelta(seconds=5)
            assert world.engine.waiting == 0

    run_virtual(scenario())


def test_who_sends_alone_does_not_count_again_and_again() -> None:
    async def scenario() -> None:
        world = World(account("billing"), tuning=PATIENT)
        async with world.running():
            own = await world.drop()
            await world.until(lambda: world.state(own) is MessageState.SENT)
            await world.queue.accept([make_arrival(101, received_at=world.clock.now())])

            await world.drop()
            later = await world.drop()
            await world.until(lambda: world.state(later) is MessageState.SENT)

            assert world.state(make_id(101)) is MessageState.QUEUED

    run_virtual(scenario())

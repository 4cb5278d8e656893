import asyncio
from datetime import timedelta

from maild.delivery.homes import Homes
from maild.delivery.lane import Lane
from maild.delivery.trouble import Trouble
from maild.mail.phase import Phase
from maild.net.step import Reason
from maild.spool.queue import QueueId, Waiting
from tests.delivery.world import World, account
from tests.fakes.clock import START, FakeClock

A, B = QueueId("a"), QueueId("b")
LATER = START + timedelta(minutes=1)


def homes_with_lane() -> tuple[Homes, Lane]:
    """Homes whose one lane is an engine's that does not run."""
    world = World(account("billing"), clock=FakeClock())
    homes = world.engine._homes
    return homes, homes.lanes["billing"]


def test_a_message_waits_in_one_place_only() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()

        homes.schedule(A, LATER)
        assert homes.park(A, "billing", START, is_first=False)
        assert (homes.waiting_count, len(lane.parked), homes.next_at(START)) == (1, 1, None)
        homes.strand(A)
        assert (homes.waiting_count, len(lane.parked), homes.unroutable_count) == (1, 0, 1)
        homes.schedule(A, LATER)
        assert (homes.waiting_count, homes.unroutable_count, homes.next_at(START)) == (1, 0, LATER)
        homes.discard(A)
        assert homes.waiting_count == 0

    asyncio.run(scenario())


def test_nobody_waits_in_the_lane_of_an_account_that_is_not_there() -> None:
    async def scenario() -> None:
        homes, _ = homes_with_lane()
        homes.schedule(A, LATER)

        assert not homes.park(A, "gone", START, is_first=False)
        assert homes.next_at(START) == LATER

    asyncio.run(scenario())


def test_a_deferred_message_is_counted_for_its_last_account_until_it_is_due() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()

        homes.schedule(A, LATER, "billing")
        homes.schedule(B, LATER, "gone")
        assert lane.deferred_count == 1
        homes.schedule(A, START, "billing")
        assert lane.deferred_count == 1
        assert homes.take(LATER, 10).ready == (A, B)
        assert lane.deferred_count == 0

    asyncio.run(scenario())


def test_what_was_parked_first_or_in_front_comes_out_first() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()
        for id_, is_first in (("2", False), ("3", False), ("1", True)):
            homes.park(QueueId(id_), "billing", START, is_first=is_first)

        assert lane.unpark(2) == (QueueId("1"), QueueId("2"))
        assert lane.unpark(2) == (QueueId("3"),)

    asyncio.run(scenario())


def test_everything_can_be_freed_to_be_routed_anew() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()
        homes.park(A, "billing", START, is_first=False)
        homes.strand(B)

        homes.free(START, lane)
        homes.free_stranded(START)

        assert homes.take(START, 10).ready == (A, B)
        homes.schedule_all([Waiting(id=A, next_at=START)])
        assert homes.waiting_count == 1

    asyncio.run(scenario())


def test_what_an_account_suffers_from_is_told_by_its_lane() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()
        assert (homes.trouble_of("billing"), homes.trouble_of("nobody")) == (None, None)

        trouble = Trouble.of_probe(Phase.CONNECT, Reason.REFUSED, "refused")
        lane.trip(trouble)

        assert homes.trouble_of("billing") == trouble

    asyncio.run(scenario())


def test_what_left_its_lane_is_parked_nowhere() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()
        homes.park(A, "billing", START, is_first=False)
        homes.park(B, "billing", START, is_first=False)

        assert homes.unpark(lane, 1) == (A,)
        assert homes.has_parked
        homes.free(START, lane)
        assert (homes.has_parked, homes.resting_count, homes.next_at(START)) == (False, 1, START)

    asyncio.run(scenario())

import asyncio
from dataclasses import replace
from datetime import timedelta

from maild.delivery.homes import Homes
from maild.delivery.lane import Lane
from maild.delivery.trouble import Trouble
from maild.mail.phase import Phase
from maild.net.step import Reason
from maild.spool.arrival import NORMAL_STREAM
from maild.spool.queue import Census, QueuedMessage, QueueId, Waiting
from maild.spool.transition import received
from tests.delivery.world import World, account
from tests.fakes.clock import START, FakeClock
from tests.spool.messages import make_arrival, make_id

LATER = START + timedelta(minutes=1)


def homes_with_lane() -> tuple[Homes, Lane]:
    """Homes whose one lane is an engine's that does not run."""
    world = World(account("billing"), clock=FakeClock())
    homes = world.engine._homes
    return homes, homes.lanes["billing"]


def message(number: int = 1, **changes: object) -> QueuedMessage:
    plain = received(make_arrival(number, received_at=START))
    return replace(plain, **changes)  # type: ignore[arg-type]


def parked(homes: Homes, number: int = 1) -> QueuedMessage:
    return message(number, pool=homes.pool_of("billing", message()))


def test_a_message_waits_for_its_time_its_account_or_a_configuration() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()
        one = parked(homes, 1)
        homes.put(one)
        homes.put(message(2, pool=homes.nowhere))
        homes.put(message(3, next_at=LATER))

        assert (homes.resting_count, homes.waiting_count(lane), homes.unroutable_count) == (3, 1, 1)
        assert homes.has_parked
        assert homes.is_parked(lane)
        assert homes.holds(lane, NORMAL_STREAM)
        assert homes.next_at(START) == LATER
        assert homes.take(START, 9) == []
        assert homes.unpark(lane, START, 9) == [one.id]
        homes.taken([one])
        homes.wanted()
        assert (homes.resting_count, homes.waiting_count(lane), homes.has_parked) == (2, 0, False)
        assert homes.take(LATER, 9) == [make_id(3)]

    asyncio.run(scenario())


def test_what_asks_for_an_account_by_name_waits_for_that_whatever_the_routes_say() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()
        asked = message(1, account="billing")
        homes.arrive(Waiting.of(replace(asked, pool="billing")))

        assert homes.pool_of("billing", asked) == "billing"
        homes.free(lane)
        assert homes.take(START, 9) == []
        assert homes.unpark_fresh(lane, START) == [asked.id]

    asyncio.run(scenario())


def test_nobody_waits_for_an_account_that_is_not_there() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()
        assert homes.pool_of("gone", message()) == ""

        homes.arrive(Waiting.of(message(1, pool="gone")))
        homes.put(parked(homes, 2))
        homes.remove_lane(lane)
        assert homes.take(START, 9) == [make_id(1), make_id(2)]

    asyncio.run(scenario())


def test_a_deferred_message_is_counted_for_its_last_account_until_it_is_taken() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()
        deferred = message(1, next_at=LATER, last_account="billing")
        homes.put(deferred)
        homes.put(message(2, next_at=LATER, last_account="gone"))
        assert homes.waiting_count(lane) == 1
        homes.taken([deferred, message(3, pool="gone/7")])
        assert homes.waiting_count(lane) == 0

    asyncio.run(scenario())


def test_what_was_parked_first_or_in_front_comes_out_first() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()
        for number, is_first in ((2, False), (3, False), (1, True)):
            homes.put(parked(homes, number), is_first=is_first)

        assert homes.unpark(lane, START, 2) == [make_id(1), make_id(2)]
        assert homes.unpark(lane, START, 0) == []
        assert homes.unpark(lane, START, 2) == [make_id(3)]

    asyncio.run(scenario())


def test_everything_can_be_freed_to_be_routed_anew() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()
        homes.put(parked(homes, 1))
        homes.put(message(2, pool=homes.nowhere))

        homes.free(lane)
        homes.free_stranded()

        assert homes.next_at(START) == START
        assert homes.take_fresh(START, {NORMAL_STREAM}) == []
        assert homes.take(START, 9) == [make_id(1), make_id(2)]

    asyncio.run(scenario())


def test_at_the_start_everything_is_read_and_what_was_parked_is_routed_anew() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()
        pools = {("", NORMAL_STREAM): 1, ("billing", NORMAL_STREAM): 1, ("billing/41", 7): 2, ("/40", 7): 1}

        homes.load(Census(pools=pools, deferred={"billing": 1}))

        assert homes.pool_of("billing", message()) not in {"billing/41", "billing"}
        assert homes.nowhere != "/40"
        assert (homes.resting_count, homes.waiting_count(lane)) == (5, 2)
        spans = homes.wanted()
        assert {(span.pool, span.stream) for span in spans} == pools.keys()
        number = iter(range(9))
        homes.fill(
            spans,
            [
                [Waiting(id=make_id(next(number)), next_at=START, stream=span.stream, pool=span.pool)]
                * pools[span.pool, span.stream]
                for span in spans
            ],
        )
        assert len(homes.take(START, 9)) == 3
        assert len(homes.unpark(lane, START, 9)) == 1
        assert homes.wanted() == []
        # What is read late for a pool that is gone is nobody's news.
        homes.fill([replace(spans[0], pool="other")], [[]])

    asyncio.run(scenario())


def test_what_arrived_while_the_queue_was_looked_at_is_not_forgotten() -> None:
    async def scenario() -> None:
        homes, _ = homes_with_lane()
        homes.arrive(Waiting.of(message(1)))
        homes.arrive(Waiting.of(message(2, stream=7)))

        homes.load(Census(pools={("", NORMAL_STREAM): 1}, deferred={}))
        homes.fill(homes.wanted(), [[Waiting.of(message(1))]])

        assert sorted(homes.take(START, 9)) == [make_id(1), make_id(2)]

    asyncio.run(scenario())


def test_many_windows_are_read_in_several_goes() -> None:
    async def scenario() -> None:
        homes, _ = homes_with_lane()
        homes.load(Census(pools={(f"gone{number}", 7): 1 for number in range(300)}, deferred={}))

        goes = []
        while spans := homes.wanted():
            goes.append(len(spans))
            homes.fill(spans, [[] for _ in spans])
        assert goes == [128, 128, 44]

    asyncio.run(scenario())


def test_what_others_changed_is_noticed_and_counted_later() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()
        homes.notice(message(1))
        assert homes.resting_count == 0
        homes.count(Census(pools={("", NORMAL_STREAM): 1}, deferred={"billing": 1}))

        assert (homes.resting_count, homes.waiting_count(lane)) == (1, 1)
        assert homes.take(START, 9) == [QueueId(make_id(1))]

    asyncio.run(scenario())


def test_what_an_account_suffers_from_is_told_by_its_lane() -> None:
    async def scenario() -> None:
        homes, lane = homes_with_lane()
        assert (homes.trouble_of("billing"), homes.trouble_of("nobody")) == (None, None)

        trouble = Trouble.of_probe(Phase.CONNECT, Reason.REFUSED, "refused")
        lane.trip(trouble)

        assert homes.trouble_of("billing") == trouble

    asyncio.run(scenario())


def test_of_a_queue_that_others_send_from_every_pool_is_looked_into_again() -> None:
    async def scenario() -> None:
        homes, _ = homes_with_lane()
        pools = {("", NORMAL_STREAM): 1, ("billing", NORMAL_STREAM): 2, ("billing/99", NORMAL_STREAM): 2}
        census = Census(pools=pools, deferred={})

        homes.doubt(census, START, is_thorough=False)
        assert [span.pool for span in homes.wanted()] == ["", "billing"]

        homes.doubt(census, START, is_thorough=True)
        assert [span.pool for span in homes.wanted()] == ["", "billing", "billing/99"]

    asyncio.run(scenario())

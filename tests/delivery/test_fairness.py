"""A flood delays nobody but itself, wherever the others come in and whatever is between."""

import asyncio
from datetime import timedelta

import pytest

from maild.config.model import Limits
from maild.config.route import Match, Route
from maild.spool.arrival import NORMAL_STREAM
from maild.spool.queue import MessageState
from tests.delivery.world import World, account
from tests.virtual_time import run_virtual

FLOOD = NORMAL_STREAM
OTHER = NORMAL_STREAM + 1
URGENT = 0
BULK = 2 * NORMAL_STREAM

SHOP = Route(match=Match(recipient="*@shop.example"), accounts=("shop",))


def sent_to(world: World) -> list[str]:
    return [sent.recipients[0] for sent in world.transport.sent]


@pytest.mark.parametrize(("flood", "stream"), [(10_000, OTHER), (800, URGENT), (800, BULK)])
def test_ten_thousand_messages_of_one_sender_do_not_delay_one_of_another(flood: int, stream: int) -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.seconds = 0.1
        for _ in range(flood):
            await world.drop("flood@example.org", stream=FLOOD)
        async with world.running():
            await asyncio.sleep(5)
            before = len(world.transport.sent)
            await world.drop("single@example.org", stream=stream)
            await world.until(lambda: "single@example.org" in sent_to(world), within=timedelta(seconds=10))

        # The one that was being sent, and those whose turn it was.
        assert sent_to(world).index("single@example.org") - before <= 5

    run_virtual(scenario())


def test_what_is_there_at_the_start_has_its_turn_as_well() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        for number in range(1200):
            await world.drop("flood@example.org", stream=FLOOD)
            if number == 1190:
                await world.drop("single@example.org", stream=OTHER)
        again = World(account("billing"), queue=world.queue, clock=world.clock)
        async with again.running():
            await again.until(lambda: "single@example.org" in sent_to(again))

        assert sent_to(again).index("single@example.org") <= 3

    run_virtual(scenario())


def test_a_flood_for_one_account_delays_nobody_who_goes_by_another() -> None:
    async def scenario() -> None:
        world = World(account("billing"), account("shop"), routes=(SHOP,), default_account="billing")
        world.transport.seconds = 1.0
        for _ in range(500):
            await world.drop("flood@shop.example", stream=FLOOD)
        async with world.running():
            await asyncio.sleep(3)
            await world.drop("single@example.org", stream=FLOOD)
            await world.drop("single@shop.example", stream=OTHER)
            await world.until(lambda: {"single@example.org", "single@shop.example"} <= set(sent_to(world)))
            assert world.loop_time() < 8

    run_virtual(scenario())


def test_while_an_account_is_closed_its_flood_waits_in_the_queue_and_goes_in_turns_when_it_opens() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        async with world.running():
            world.engine.account_probed("billing", can_send=False, detail="down")
            ids = [await world.drop("flood@example.org", stream=FLOOD) for _ in range(300)]
            single = await world.drop("single@example.org", stream=OTHER)
            await asyncio.sleep(5)
            snapshot = world.engine.snapshot()
            assert (snapshot.waiting, snapshot.accounts["billing"].waiting) == (301, 301)
            assert {world.queue.message(id_).pool for id_ in ids} == {world.queue.message(single).pool}
            world.engine.account_probed("billing", can_send=True, detail="")
            await world.until(lambda: all(world.state(id_) is MessageState.SENT for id_ in ids))
            assert world.engine.snapshot().waiting == 0

        assert len(world.transport.sent) == 301
        assert sent_to(world).index("single@example.org") <= 3

    run_virtual(scenario())


def test_the_order_of_one_sender_is_kept_while_others_pass() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=1)))
        world.transport.seconds = 0.01
        async with world.running():
            for number in range(120):
                await world.drop(f"{number}@a.example", stream=FLOOD)
                await world.drop(f"{number}@b.example", stream=BULK)
            await world.until(lambda: len(world.transport.sent) == 240)

        for domain in ("a.example", "b.example"):
            order = [address for address in sent_to(world) if address.endswith(domain)]
            assert order == [f"{number}@{domain}" for number in range(120)]

    run_virtual(scenario())

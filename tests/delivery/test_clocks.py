"""The lifetime of a message is its own time: what it waits for others' sake takes nothing of it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from maild.config.model import Limits
from maild.delivery.plan import Plan
from maild.spool.queue import MessageState, QueueId
from tests.delivery.world import CURIOUS, World, account, refused
from tests.virtual_time import run_virtual

DAY = timedelta(days=1)
LATER = refused(451, "4.7.1 greylisted")


def switched(world: World, *, to: bool) -> Plan:
    """The account is switched on or off, as its file says from now on."""
    plan = world.plan_with(*((account("billing"),) if to else ()))
    world.plan = replace(plan, disabled=frozenset() if to else frozenset({"billing"}))
    return world.plan


async def is_sent_at_the_second_try(world: World, id_: QueueId) -> None:
    await world.until(lambda: world.state(id_).is_history)
    assert world.state(id_) is MessageState.SENT
    assert world.queue.message(id_).attempts_made == 1


@pytest.mark.parametrize("asked", [None, "billing"])
def test_a_message_behind_an_account_that_is_switched_off_for_a_week_has_all_its_tries_left(asked: str | None) -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.engine.use(switched(world, to=False))
        world.transport.answers = {"to@example.org": [LATER]}
        async with world.running():
            id_ = await world.drop(account=asked)
            await asyncio.sleep(7 * DAY.total_seconds())
            assert world.state(id_) is MessageState.QUEUED
            world.engine.use(switched(world, to=True))
            await is_sent_at_the_second_try(world, id_)
            left = world.queue.message(id_).expires_at - world.clock.now()
            assert 5 * DAY - timedelta(minutes=10) < left <= 5 * DAY

    run_virtual(scenario())


def test_an_account_that_is_switched_off_between_two_tries_stops_the_clock() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {"to@example.org": [LATER, LATER]}
        async with world.running():
            id_ = await world.drop(lifetime=timedelta(minutes=10))
            await world.until(lambda: world.queue.message(id_).attempts_made == 1)
            world.engine.use(switched(world, to=False))
            await asyncio.sleep(DAY.total_seconds())
            world.engine.use(switched(world, to=True))
            await world.until(lambda: world.state(id_) is MessageState.SENT)
            assert world.queue.message(id_).attempts_made == 2

    run_virtual(scenario())


def test_what_waits_for_the_days_allowance_does_not_grow_old() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(per_day=1, connections=1)))
        async with world.running():
            ids = [await world.drop(f"{number}@example.org") for number in range(9)]
            world.transport.answers = {"8@example.org": [LATER]}
            await world.until(lambda: all(world.state(id_).is_history for id_ in ids))
            assert {world.state(id_) for id_ in ids} == {MessageState.SENT}
            assert world.loop_time() > 8 * DAY.total_seconds()

    run_virtual(scenario())


def test_what_waits_while_nothing_runs_does_not_grow_old() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        id_ = await world.drop()
        await asyncio.sleep(6 * DAY.total_seconds())
        world.transport.answers = {"to@example.org": [LATER]}
        async with world.running():
            await is_sent_at_the_second_try(world, id_)

    run_virtual(scenario())


def test_what_is_held_does_not_grow_old() -> None:
    async def scenario() -> None:
        world = World(account("billing"), tuning=CURIOUS)
        world.transport.answers = {"to@example.org": [LATER, LATER]}
        async with world.running():
            id_ = await world.drop(lifetime=timedelta(hours=1))
            await world.until(lambda: world.queue.message(id_).attempts_made == 1)
            (held,) = await world.queue.hold([id_], now=world.clock.now())
            world.queue.change_elsewhere(held)
            await asyncio.sleep(3 * 3600)
            (released,) = await world.queue.release([id_], now=world.clock.now())
            world.queue.change_elsewhere(released)
            await world.until(lambda: world.state(id_).is_history)
            assert world.state(id_) is MessageState.SENT

    run_virtual(scenario())


def test_a_message_that_was_tried_all_the_time_is_given_up_in_time() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {"to@example.org": [LATER] * 99}
        async with world.running():
            id_ = await world.drop(lifetime=DAY)
            await world.until(lambda: world.state(id_) is MessageState.FAILED)
            assert DAY <= timedelta(seconds=world.loop_time()) < DAY + timedelta(minutes=5)

    run_virtual(scenario())

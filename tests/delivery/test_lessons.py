"""What a provider allows less than is known of it is learnt from what it says and does, and outlives a restart."""

import asyncio
from datetime import timedelta

from maild.config.model import Limits
from maild.delivery.budget import Budget
from maild.delivery.lessons import GUESSED_FOR, STATED_FOR, Lesson, Lessons
from maild.delivery.recorder import Recorder
from maild.mail.phase import Phase
from maild.spool.allowance import Allowance, AllowanceKind
from maild.spool.queue import MessageState, QueueError
from tests.delivery.world import World, account, refused
from tests.fakes.clock import START, FakeClock
from tests.virtual_time import run_virtual

TOO_MANY = refused(421, "4.7.0 too many messages in this connection", Phase.MAIL)


def test_a_refusal_that_names_a_number_lowers_the_limit_for_a_week() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(per_day=100)))
        quota = refused(550, "5.4.5 daily sending limit exceeded: 3 recipients per day", Phase.BODY)
        world.transport.answers = {"d@example.org": [quota]}
        async with world.running():
            for name in "abc":
                await world.drop(f"{name}@example.org")
            await world.until(lambda: len(world.transport.sent) == 3)
            late = await world.drop("d@example.org")
            await world.until(lambda: world.state(late) is MessageState.SENT)
            assert world.loop_time() > 24 * 3600
            (allowance,) = (await world.queue.allowances(now=world.clock.now()))["billing"]
            assert (allowance.kind, allowance.value) == (AllowanceKind.PER_DAY, 3)
            assert STATED_FOR - timedelta(minutes=1) < allowance.until - START < STATED_FOR + timedelta(minutes=1)
            snapshot = world.engine.snapshot().accounts["billing"]
            assert (snapshot.lowered, snapshot.day_left) == ((allowance,), 2)

    run_virtual(scenario())


def test_a_refusal_without_a_number_says_that_what_went_out_was_all() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(per_day=100)))
        world.transport.answers = {
            "c@example.org": [refused(550, "5.4.5 Daily user sending limit exceeded", Phase.BODY)]
        }
        async with world.running():
            for name in "ab":
                await world.drop(f"{name}@example.org")
            await world.until(lambda: len(world.transport.sent) == 2)
            await world.drop("c@example.org")
            await asyncio.sleep(5)
            (allowance,) = (await world.queue.allowances(now=world.clock.now()))["billing"]
            assert (allowance.kind, allowance.value) == (AllowanceKind.PER_DAY, 2)
            assert allowance.until - world.clock.now() < GUESSED_FOR
            await asyncio.sleep(2 * 3600)
            assert len(world.transport.sent) == 3
            snapshot = world.engine.snapshot().accounts["billing"]
            assert snapshot.blocked_by == "the 2 recipients a day that it may send to are used up"
            assert snapshot.blocked_until is not None

    run_virtual(scenario())


def test_what_was_learnt_holds_after_a_restart_and_not_for_another_customer() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        until = world.clock.now() + timedelta(days=3)
        allowance = Allowance(kind=AllowanceKind.PER_MESSAGE, value=2, until=until)
        await world.queue.set_allowances({"billing": [allowance]})
        async with world.running():
            await world.drop("a@example.org", "b@example.org", "c@example.org")
            await world.until(lambda: len(world.transport.sent) == 2)
            assert [len(sent.recipients) for sent in world.transport.sent] == [2, 1]

            other = account("billing", username="other@example.org")
            world.engine.use(world.plan_with(other))
            await world.drop("a@example.org", "b@example.org", "c@example.org")
            await world.until(lambda: len(world.transport.sent) == 3)
            assert len(world.transport.sent[2].recipients) == 3
            assert await world.queue.allowances(now=world.clock.now()) == {}

    run_virtual(scenario())


def test_a_server_that_takes_so_many_messages_a_connection_costs_no_pause() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=1)))
        world.transport.answers = {"5@example.org": [TOO_MANY]}
        async with world.running():
            ids = [await world.drop(f"{number}@example.org") for number in range(15)]
            await world.until(lambda: all(world.state(id_) is MessageState.SENT for id_ in ids))
            assert world.loop_time() < 2

        assert [sent.session for sent in world.transport.sent] == 6 * [1] + 5 * [2] + 5 * [3]
        assert {world.queue.message(id_).attempts_made for id_ in ids} == {0}

    run_virtual(scenario())


def test_a_server_that_takes_not_even_one_message_is_left_alone() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=1)))
        world.transport.answers = {"to@example.org": [TOO_MANY]}
        async with world.running():
            id_ = await world.drop()
            await world.until(lambda: world.state(id_) is MessageState.SENT)

        assert [round(sent.at) for sent in world.transport.sent] == [0, 15]
        assert await world.queue.allowances(now=world.clock.now()) == {}

    run_virtual(scenario())


def test_what_is_no_less_is_no_news_and_what_cannot_be_written_is_not_forgotten() -> None:
    async def scenario() -> None:
        world = World(account("billing"), clock=FakeClock())
        lessons = Lessons(world.queue, Recorder(world.engine.ports, timedelta(seconds=1)))
        budget = Budget(Limits(per_day=10))
        for value in (0, 10, 11):
            lessons.learn("billing", budget, Lesson(kind=AllowanceKind.PER_DAY, value=value), START)
        lessons.forget("billing")
        await lessons.write()
        assert lessons.of("billing") == ()

        lessons.learn("billing", budget, Lesson(kind=AllowanceKind.PER_DAY, value=7), START)
        lessons.learn("billing", budget, Lesson(kind=AllowanceKind.PER_MESSAGE, value=5), START)
        lessons.learn("billing", budget, Lesson(kind=AllowanceKind.PER_DAY, value=6), START)
        world.queue.fail_with = QueueError("disk full")
        writing = asyncio.create_task(lessons.write())
        await asyncio.sleep(0)
        lessons.learn("billing", budget, Lesson(kind=AllowanceKind.PER_DAY, value=5), START)
        world.queue.fail_with = None
        await writing
        found = await world.queue.allowances(now=START)
        assert {one.kind: one.value for one in found["billing"]} == {
            AllowanceKind.PER_DAY: 5,
            AllowanceKind.PER_MESSAGE: 5,
        }

    run_virtual(scenario())

import asyncio

from maild.config.route import Match, Route
from maild.delivery.events import BreakerOpened
from maild.delivery.route import RoutingTable
from maild.mail.phase import Phase
from maild.net.step import NetError, Reason
from maild.spool.queue import MessageState
from tests.delivery.world import World, account, refused
from tests.virtual_time import run_virtual

NOBODY = NetError(Phase.CONNECT, Reason.REFUSED, "nobody listens")
BOTH = (Route(match=Match(), accounts=("first", "second")),)


def test_the_accounts_beside_each_other_are_known() -> None:
    routes = (
        Route(match=Match(), accounts=("a", "b", "gone")),
        Route(match=Match(), accounts=("b", "c")),
        Route(match=Match(), accounts=("d",)),
    )
    table = RoutingTable(accounts=frozenset("abcd"), default_account=None, routes=routes)

    assert table.detours == {"a": {"b"}, "b": {"a", "c"}, "c": {"b"}}


def test_while_the_first_account_is_closed_the_second_sends_and_then_the_first_again() -> None:
    async def scenario() -> None:
        world = World(account("first"), account("second"), routes=BOTH)
        world.transport.opening.append(NOBODY)
        async with world.running():
            for _ in range(5):
                await world.drop()
            await world.until(lambda: len(world.transport.sent) == 5)
            assert [sent.account for sent in world.transport.sent] == ["second"] * 5
            assert world.loop_time() < 2
            await asyncio.sleep(20)
            await world.drop()
            await world.until(lambda: len(world.transport.sent) == 6)

        assert world.transport.sent[5].account == "first"
        assert len(world.events_of(BreakerOpened)) == 1

    run_virtual(scenario())


def test_a_message_of_no_route_waits_for_its_own_account() -> None:
    async def scenario() -> None:
        world = World(account("first"), account("second"), routes=BOTH)
        world.transport.opening.append(NOBODY)
        async with world.running():
            id_ = await world.drop(account="first")
            await world.until(lambda: world.state(id_) is MessageState.SENT)

        assert [(sent.account, round(sent.at)) for sent in world.transport.sent] == [("first", 15)]

    run_virtual(scenario())


def test_where_all_are_closed_the_first_to_open_sends() -> None:
    async def scenario() -> None:
        world = World(account("first"), account("second"), routes=BOTH)
        async with world.running():
            world.engine.account_probed("first", can_send=False, detail="no answer")
            world.engine.account_probed("second", can_send=False, detail="no answer")
            id_ = await world.drop()
            await asyncio.sleep(5)
            assert world.transport.sent == []
            world.engine.account_probed("second", can_send=True, detail="")
            await world.until(lambda: world.state(id_) is MessageState.SENT)

        assert [(sent.account, round(sent.at)) for sent in world.transport.sent] == [("second", 5)]

    run_virtual(scenario())


def test_after_three_attempts_that_failed_the_next_account_has_its_turn() -> None:
    async def scenario() -> None:
        world = World(account("first"), account("second"), routes=BOTH)
        world.transport.answers = {"to@example.org": [refused(451, "4.7.1 later")] * 6}
        async with world.running():
            id_ = await world.drop()
            await world.until(lambda: world.state(id_) is MessageState.SENT)

        assert [sent.account for sent in world.transport.sent] == ["first"] * 3 + ["second"] * 3 + ["first"]

    run_virtual(scenario())

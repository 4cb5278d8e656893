"""What accounts do each in its own way: lifetimes, retries, uncertain answers, sessions, coming back from trouble."""

import asyncio
from datetime import timedelta

from maild.config.delivery_settings import AccountDelivery, DeliverySettings, OnUncertain
from maild.config.model import Limits
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.net.step import NetError, Reason
from maild.spool.queue import MessageState
from tests.delivery.world import World, account, broken, refused
from tests.virtual_time import run_virtual

LATER = refused(451, "4.7.1 greylisted")


def test_an_account_retries_and_gives_up_in_its_own_time() -> None:
    async def scenario() -> None:
        own = AccountDelivery(retry=(timedelta(minutes=10),), lifetime=timedelta(minutes=25))
        world = World(account("billing", delivery=own))
        world.transport.answers = {"to@example.org": [LATER] * 9}
        async with world.running():
            id_ = await world.drop()
            await world.until(lambda: world.state(id_) is MessageState.FAILED)

        assert [round(sent.at / 60) for sent in world.transport.sent] == [0, 10, 20, 25]
        assert world.queue.message(id_).expires_at == world.queue.message(id_).received_at + timedelta(minutes=25)

    run_virtual(scenario())


def test_what_an_account_cannot_do_for_days_takes_nothing_of_a_messages_lifetime() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.opening.extend([NetError(Phase.CONNECT, Reason.REFUSED, "nobody listens")] * 40)
        world.transport.answers = {"to@example.org": [LATER] * 99}
        async with world.running():
            id_ = await world.drop(lifetime=timedelta(hours=2))
            await world.until(lambda: bool(world.transport.sent))
            first_at = world.transport.sent[0].at
            await world.until(lambda: world.state(id_) is MessageState.FAILED)

        assert first_at > 3 * 3600
        # Two hours of its own, though it came three hours ago.
        assert [round((sent.at - first_at) / 60) for sent in world.transport.sent] == [0, 1, 6, 21, 51, 111, 120]

    run_virtual(scenario())


def test_accounts_differ_in_what_they_do_with_a_lost_answer() -> None:
    async def scenario() -> None:
        hold = AccountDelivery(on_uncertain=OnUncertain.HOLD)
        wait = AccountDelivery(on_uncertain=OnUncertain.WAIT)
        world = World(account("holds", delivery=hold), account("waits", delivery=wait), account("goes-on"))
        lost = broken(Phase.BODY, is_uncertain=True)
        world.transport.answers = {f"{name}@example.org": [lost] for name in ("holds", "waits", "goes-on")}
        async with world.running():
            ids = {name: await world.drop(f"{name}@example.org", account=name) for name in world.plan.accounts}
            await asyncio.sleep(2 * 86400)

        assert {name: world.state(id_).value for name, id_ in ids.items()} == {
            "holds": "held",
            "waits": "sent",
            "goes-on": "sent",
        }
        times = {name: [round(one.at / 60) for one in world.transport.sent if one.account == name] for name in ids}
        assert times == {"holds": [0], "waits": [0, 60], "goes-on": [0, 1]}

    run_virtual(scenario())


def test_what_a_crash_left_uncertain_waits_where_that_is_the_policy() -> None:
    async def scenario() -> None:
        world = World(account("billing"), delivery=DeliverySettings(on_uncertain=OnUncertain.WAIT))
        id_ = await world.drop("to@example.org")
        now = world.clock.now()
        await world.queue.lease([id_], now=now, next_at=now)
        await world.queue.mark_dot(id_, [Mailbox.parse("to@example.org")], now=now)
        async with world.running():
            await world.until(lambda: world.state(id_) is MessageState.SENT)

        assert [round(sent.at / 60) for sent in world.transport.sent] == [48]
        assert world.queue.message(id_).attempts_made == 0

    run_virtual(scenario())


def test_a_session_carries_so_many_messages_and_a_transaction_so_many_recipients() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=1, per_session=2, per_message=3)))
        async with world.running():
            for _ in range(3):
                await world.drop()
            many = await world.drop(*(f"r{number}@example.org" for number in range(7)))
            await world.until(lambda: world.state(many) is MessageState.SENT)

        assert [sent.session for sent in world.transport.sent] == [1, 1, 2, 2, 3, 3]
        assert [len(sent.recipients) for sent in world.transport.sent] == [1, 1, 1, 3, 3, 1]

    run_virtual(scenario())


def test_after_trouble_connections_come_back_one_then_two_then_four() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=8)))
        world.transport.seconds = 10
        world.transport.opening.append(NetError(Phase.CONNECT, Reason.REFUSED, "nobody listens"))
        async with world.running():
            for _ in range(40):
                await world.drop()
            await asyncio.sleep(16)
            assert world.transport.open_sessions == 1
            await asyncio.sleep(10)
            assert world.transport.open_sessions == 1
            await asyncio.sleep(10)
            assert world.transport.open_sessions == 2
            await asyncio.sleep(10)
            assert world.transport.open_sessions == 4
            await asyncio.sleep(10)
            assert world.transport.open_sessions == 8
            await world.until(lambda: len(world.transport.sent) == 40)

    run_virtual(scenario())

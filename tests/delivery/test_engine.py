"""The engine over a queue in memory and scripted transports, in virtual time."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.config.delivery_settings import DeliverySettings, OnUncertain
from maild.config.model import Limits
from maild.config.route import Match, Route
from maild.delivery.breaker import Closed, Open
from maild.delivery.classify import judge_status
from maild.delivery.engine import LAST_WRITES_S
from maild.delivery.events import (
    AttemptFinished,
    BreakerClosed,
    BreakerOpened,
    MessageExpired,
    MessageUnroutable,
    QueueTrouble,
    SessionOpened,
)
from maild.delivery.plan import Plan
from maild.delivery.provision import AT_ONCE
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain
from maild.net.step import NetError, Reason
from maild.spool.queue import AttemptRecord, Leased, MessageState, QueuedMessage, QueueError, QueueId, RecipientState
from tests.delivery.world import CURIOUS, OK, World, account, broken, refused
from tests.fakes.clock import START
from tests.fakes.memory_queue import MemoryQueue
from tests.virtual_time import run_virtual

REFUSED_LOGIN = NetError(Phase.AUTH, Reason.REPLY, "wrong password", reply=Reply.of(535, "5.7.8 no"))
NO_CONNECTION = NetError(Phase.CONNECT, Reason.REFUSED, "nobody listens")


def test_a_message_is_delivered_and_everybody_is_told() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        async with world.running():
            id_ = await world.drop("to@example.org")
            await world.until(lambda: id_ in world.receipts.written)

        assert world.state(id_) is MessageState.SENT
        assert world.recipient(id_, "to@example.org").verdict == Delivered(reply=OK)
        assert world.receipts.written[id_].state is MessageState.SENT
        assert [sent.sender for sent in world.transport.sent] == [Mailbox.parse("billing@example.org")]
        (finished,) = world.events_of(AttemptFinished)
        assert (finished.id, finished.account, finished.generation) == (id_, "billing", 1)
        assert finished.verdicts == {Mailbox.parse("to@example.org"): Delivered(reply=OK)}
        assert finished.next_at is None

    run_virtual(scenario())


def test_one_session_carries_many_messages() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        ids = [await world.drop() for _ in range(100)]
        async with world.running():
            await world.until(lambda: all(world.state(id_) is MessageState.SENT for id_ in ids))

        assert len(world.events_of(SessionOpened)) == 1
        assert [sent.session for sent in world.transport.sent] == [1] * 100

    run_virtual(scenario())


def test_as_many_sessions_as_the_account_may_have() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=3)))
        world.transport.seconds = 1.0
        ids = [await world.drop() for _ in range(30)]
        async with world.running():
            await world.until(lambda: all(world.state(id_) is MessageState.SENT for id_ in ids))

        assert world.transport.most_sessions == 3
        assert world.transport.sent[-1].at < 11

    run_virtual(scenario())


def test_an_idle_session_is_closed() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        async with world.running():
            id_ = await world.drop()
            await world.until(lambda: world.state(id_) is MessageState.SENT)
            assert world.transport.open_sessions == 1
            await asyncio.sleep(20)
            assert world.transport.open_sessions == 0

    run_virtual(scenario())


def test_every_recipient_has_a_verdict_of_its_own_and_only_the_waiting_are_tried_again() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {
            "bad@example.org": [refused(550, "5.1.1 no such user")],
            "slow@example.org": [refused(450, "4.2.1 greylisted")],
        }
        async with world.running():
            id_ = await world.drop("good@example.org", "bad@example.org", "slow@example.org")
            await world.until(lambda: len(world.transport.sent) == 1)
            await asyncio.sleep(1)
            assert world.state(id_) is MessageState.QUEUED
            assert world.queue.message(id_).attempts_made == 1
            await world.until(lambda: world.state(id_) is MessageState.FAILED)

        assert [sent.recipients for sent in world.transport.sent] == [
            ("good@example.org", "bad@example.org", "slow@example.org"),
            ("slow@example.org",),
        ]
        assert 60 <= world.transport.sent[1].at < 61
        assert isinstance(world.recipient(id_, "bad@example.org").verdict, Failed)
        assert isinstance(world.recipient(id_, "slow@example.org").verdict, Delivered)
        ((leased, kept),) = world.failures.kept
        assert leased.body is not None
        assert kept.state is MessageState.FAILED

    run_virtual(scenario())


def test_a_refused_recipient_stays_refused_when_the_message_is_put_off() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {
            "bad@example.org": [refused(550, "5.1.1 no such user")],
            "good@example.org": [refused(451, "4.3.0 not now", Phase.BODY)],
        }
        async with world.running():
            id_ = await world.drop("good@example.org", "bad@example.org")
            await world.until(lambda: world.state(id_) is MessageState.FAILED)

        assert [sent.recipients for sent in world.transport.sent] == [
            ("good@example.org", "bad@example.org"),
            ("good@example.org",),
        ]

    run_virtual(scenario())


def test_a_message_that_is_too_large_for_the_account_comes_back_and_opens_no_session() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=1, max_bytes=20)))
        async with world.running():
            id_ = await world.drop()
            await world.until(lambda: world.state(id_) is MessageState.FAILED)
            verdict = world.receipts.written[id_].recipients[0].verdict

        assert isinstance(verdict, Failed)
        assert verdict.reason.endswith("the account billing sends at most 20B (limits.max_size)")
        assert world.transport.orders == []

    run_virtual(scenario())


def test_retries_follow_the_delays_for_five_days_and_then_the_message_is_given_up_and_kept() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {"to@example.org": [refused(451, "4.3.0 not now", Phase.BODY)] * 100}
        async with world.running():
            id_ = await world.drop("to@example.org")
            await world.until(lambda: world.state(id_) is MessageState.FAILED)

        minutes = [round(sent.at / 60) for sent in world.transport.sent]
        assert minutes[:9] == [0, 1, 6, 21, 51, 111, 231, 471, 711]
        assert minutes[-1] == 5 * 24 * 60
        assert world.events_of(MessageExpired) == [MessageExpired(id=id_, account="billing")]
        assert len(world.failures.kept) == 1
        verdict = world.recipient(id_, "to@example.org").verdict
        assert isinstance(verdict, Failed)
        assert verdict.reason.startswith("given up at the end of its lifetime: ")
        assert isinstance(world.events_of(AttemptFinished)[-1].verdicts[Mailbox.parse("to@example.org")], Failed)

    run_virtual(scenario())


def test_a_broken_account_opens_its_breaker_and_charges_nobody() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.opening.extend([NO_CONNECTION] * 3)
        async with world.running():
            ids = [await world.drop() for _ in range(50)]
            await world.until(lambda: all(world.state(id_) is MessageState.SENT for id_ in ids))

        assert [round((event.until - START).total_seconds()) for event in world.events_of(BreakerOpened)] == [
            15,
            45,
            105,
        ]
        assert world.events_of(BreakerClosed) == [BreakerClosed(account="billing")]
        assert {world.queue.message(id_).attempts_made for id_ in ids} == {0}
        assert len(world.transport.orders) == 4

    run_virtual(scenario())


def test_a_waiting_message_says_why_it_waits() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.opening.extend([NO_CONNECTION] * 100)
        async with world.running():
            ids = [await world.drop() for _ in range(3)]
            await asyncio.sleep(5)
            for id_ in ids:
                assert world.state(id_) is MessageState.QUEUED
                verdict = world.receipts.written[id_].recipients[0].verdict
                assert isinstance(verdict, Deferred)
                assert verdict.fault is Fault.ACCOUNT
                assert "nobody listens" in verdict.reason
            snapshot = world.engine.snapshot()
            assert snapshot.waiting == 3
            assert snapshot.in_flight == 0
            assert isinstance(snapshot.accounts["billing"].breaker, Open)
            assert snapshot.accounts["billing"].waiting == 3

    run_virtual(scenario())


def test_the_clock_stands_still_behind_a_broken_account() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.opening.extend([NO_CONNECTION] * 4000)
        async with world.running():
            id_ = await world.drop(lifetime=timedelta(hours=1))
            await asyncio.sleep(3 * 3600)
            assert world.state(id_) is MessageState.QUEUED
            world.transport.opening.clear()
            await world.until(lambda: world.state(id_) is MessageState.SENT)

    run_virtual(scenario())


def test_a_refused_login_asks_for_a_probe_and_is_not_repeated() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=4)))
        world.transport.opening.extend([REFUSED_LOGIN] * 100)
        async with world.running():
            for _ in range(50):
                await world.drop()
            await asyncio.sleep(3600)
            assert len(world.transport.orders) <= 4 + 2
            assert world.probes[0] == "billing"

    run_virtual(scenario())


def test_many_couriers_with_a_wrong_password_log_in_once() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=20)))
        world.transport.opening.extend([REFUSED_LOGIN] * 100)
        ids = [await world.drop() for _ in range(50)]
        async with world.running():
            await asyncio.sleep(60)
            assert len(world.transport.orders) == 1
            assert {world.queue.message(id_).attempts_made for id_ in ids} == {0}
            # What the file says is new, so it is worth a login; not one for each connection.
            corrected = account("billing", username="new@example.org", limits=Limits(connections=20))
            world.engine.use(replace(world.plan, generation=2, accounts={"billing": corrected}))
            await asyncio.sleep(60)
            assert len(world.transport.orders) == 2
            reason = world.recipient(ids[-1], "to@example.org").verdict
            assert isinstance(reason, Deferred)
            assert "password" in reason.reason or "login" in reason.reason

    run_virtual(scenario())


def test_after_a_restart_what_waited_for_an_account_is_tried_by_one_message() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=20)))
        world.transport.opening.append(REFUSED_LOGIN)
        ids = [await world.drop() for _ in range(5)]
        async with world.running():
            await asyncio.sleep(5)
        later = world.queue.message(ids[0]).next_at
        assert later > world.clock.now() + timedelta(minutes=5)

        again = World(account("billing", limits=Limits(connections=20)), queue=world.queue)
        async with again.running():
            await asyncio.sleep(5)
            assert {again.state(id_) for id_ in ids} == {MessageState.SENT}

    run_virtual(scenario())


def test_a_changed_file_of_credentials_is_worth_a_trial_at_once_unless_the_password_is_the_refused_one() -> None:
    async def scenario() -> None:
        broken_tls = NetError(Phase.CERTIFICATE, Reason.CERTIFICATE, "unknown authority")
        world = World(account("tls"), account("login"))
        world.transport.opening.extend([broken_tls, REFUSED_LOGIN])
        ids = [await world.drop(account="tls"), await world.drop(account="login")]
        async with world.running():
            await asyncio.sleep(1)
            assert len(world.transport.orders) == 2

            world.engine.credentials_changed(["tls", "login", "gone"])
            await asyncio.sleep(1)

            assert [order.account.name for order in world.transport.orders] == ["tls", "login", "tls"]
            assert [world.state(id_) for id_ in ids] == [MessageState.SENT, MessageState.QUEUED]

    run_virtual(scenario())


def test_couriers_log_in_together_once_one_of_them_was_let_in() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=20)))
        world.transport.seconds = 10.0
        for _ in range(50):
            await world.drop()
        async with world.running():
            await asyncio.sleep(1)
            assert world.transport.open_sessions == 20
            assert len(world.transport.orders) == 20

    run_virtual(scenario())


def test_a_probe_that_succeeds_opens_the_way() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.opening.append(REFUSED_LOGIN)
        async with world.running():
            id_ = await world.drop()
            await asyncio.sleep(10)
            assert world.state(id_) is MessageState.QUEUED
            world.engine.account_probed("billing", can_send=None, detail="nobody knows")
            world.engine.account_probed("other", can_send=True, detail="")
            await asyncio.sleep(10)
            assert world.state(id_) is MessageState.QUEUED
            world.engine.account_probed("billing", can_send=True, detail="")
            await asyncio.sleep(1)
            assert world.state(id_) is MessageState.SENT

    run_virtual(scenario())


def test_a_probe_that_fails_closes_the_way_before_a_message_is_tried() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        async with world.running():
            world.engine.account_probed(
                "billing", can_send=False, detail="no answer", phase=Phase.BANNER, reason=Reason.TIMEOUT
            )
            id_ = await world.drop()
            await asyncio.sleep(10)
            assert world.transport.orders == []
            await asyncio.sleep(10)
            assert world.state(id_) is MessageState.SENT

    run_virtual(scenario())


def test_a_message_that_breaks_every_session_does_not_stop_the_others() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {"poison@example.org": [broken(Phase.BODY)] * 100}
        async with world.running():
            poison = await world.drop("poison@example.org")
            ids = [await world.drop("to@example.org") for _ in range(5)]
            await asyncio.sleep(1)
            assert all(world.state(id_) is MessageState.SENT for id_ in ids)
            assert world.queue.message(poison).attempts_made == 1

    run_virtual(scenario())


def test_three_messages_in_a_row_that_break_off_are_the_accounts_fault() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {"to@example.org": [broken(Phase.BODY)] * 3}
        async with world.running():
            for _ in range(10):
                await world.drop("to@example.org")
            await asyncio.sleep(1)
            (opened,) = world.events_of(BreakerOpened)
            assert opened.detail == "3 messages in a row broke off: it broke"
            assert len(world.transport.sent) == 3

    run_virtual(scenario())


def test_a_421_in_the_trial_lets_another_message_try_next() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {"poison@example.org": [refused(421, "4.7.0 go away", Phase.BODY)] * 3}
        async with world.running():
            poison = await world.drop("poison@example.org")
            other = await world.drop("to@example.org")
            await world.until(lambda: world.state(other) is MessageState.SENT)
            assert world.loop_time() < 20
            await world.until(lambda: world.state(poison) is MessageState.SENT)
            assert world.queue.message(poison).attempts_made == 0

    run_virtual(scenario())


def test_a_session_that_died_of_age_costs_nothing() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {
            "second@example.org": [broken(Phase.MAIL)],
            "third@example.org": [refused(421, "4.4.2 timeout", Phase.MAIL)],
        }
        async with world.running():
            for address in ("first", "second", "third"):
                await world.drop(f"{address}@example.org")
            await asyncio.sleep(1)

        assert [(sent.recipients, sent.session) for sent in world.transport.sent] == [
            (("first@example.org",), 1),
            (("second@example.org",), 1),
            (("second@example.org",), 2),
            (("third@example.org",), 2),
            (("third@example.org",), 3),
        ]
        assert world.events_of(BreakerOpened) == []

    run_virtual(scenario())


def test_one_session_too_many_lowers_the_number_and_shuts_nothing() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=3)))
        world.transport.seconds = 1.0
        too_many = NetError(Phase.BANNER, Reason.REPLY, "busy", reply=Reply.of(421, "4.3.2 too many connections"))
        world.transport.opening.extend([None, too_many, too_many])
        async with world.running():
            ids = [await world.drop() for _ in range(10)]
            await world.until(lambda: all(world.state(id_) is MessageState.SENT for id_ in ids))

        assert world.events_of(BreakerOpened) == []
        assert len(world.transport.orders) == 3
        assert world.transport.most_sessions == 1

    run_virtual(scenario())


def test_a_session_too_many_in_the_middle_is_given_up_and_its_message_goes_over_the_others() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=3)))
        world.transport.seconds = 1.0
        world.transport.answers = {"c@example.org": [refused(432, "4.3.2 Concurrent connections exceeded", Phase.MAIL)]}
        async with world.running():
            ids = [await world.drop(f"{name}@example.org") for name in "abcdefgh"]
            await world.until(lambda: all(world.state(id_) is MessageState.SENT for id_ in ids))

        assert world.events_of(BreakerOpened) == []
        assert world.transport.open_sessions <= 2
        assert len(world.transport.orders) == 3
        assert sum(1 for sent in world.transport.sent if sent.recipients == ("c@example.org",)) == 2
        assert max(sent.at for sent in world.transport.sent) < 6

    run_virtual(scenario())


def test_sessions_that_are_refused_one_after_the_other_end_in_one_that_works_and_no_outage() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=4)))
        world.transport.seconds = 1.0
        crowded = refused(432, "4.3.2 Concurrent connections exceeded", Phase.MAIL)
        world.transport.answers = {f"{name}@example.org": [crowded] for name in "abcd"}
        ids = []
        async with world.running():
            for name in "abcdef":
                ids.append(await world.drop(f"{name}@example.org"))
                await asyncio.sleep(0.1)
            await world.until(lambda: all(world.state(id_) is MessageState.SENT for id_ in ids))

        assert world.events_of(BreakerOpened) == []
        assert max(sent.at for sent in world.transport.sent) < 12

    run_virtual(scenario())


def test_a_session_that_is_refused_while_others_log_in_is_no_outage() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=3)))
        world.transport.refuses = lambda _: len(world.transport.orders) in {2, 3}  # these log in for six seconds
        world.transport.seconds = 1.0
        crowded = refused(432, "4.3.2 Concurrent connections exceeded", Phase.MAIL)
        world.transport.answers = {"a@example.org": [crowded]}
        async with world.running():
            for name in "abc":
                await world.drop(f"{name}@example.org")
            await asyncio.sleep(5)

            assert world.events_of(BreakerOpened) == []

    run_virtual(scenario())


def test_the_last_session_is_no_crowd() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {"c@example.org": [refused(432, "4.3.2 Concurrent connections exceeded", Phase.MAIL)]}
        async with world.running():
            id_ = await world.drop("c@example.org")
            await world.until(lambda: world.state(id_) is MessageState.SENT)

        assert len(world.events_of(BreakerOpened)) == 1

    run_virtual(scenario())


def test_after_a_pause_there_is_one_session_more_and_not_all_at_once() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(connections=5)))
        world.transport.seconds = 10.0
        busy = NetError(Phase.BANNER, Reason.REPLY, "busy", reply=Reply.of(421, "4.3.2 too many connections"))
        world.transport.opening.extend([None, busy, busy, busy, busy])
        async with world.running():
            ids = [await world.drop() for _ in range(14)]
            await world.until(lambda: all(world.state(id_) is MessageState.SENT for id_ in ids))

        assert world.transport.most_sessions == 2

    run_virtual(scenario())


def test_the_copy_is_a_recipient_of_the_envelope_and_in_no_header() -> None:
    async def scenario() -> None:
        world = World(account("billing", copy_to=Mailbox.parse("archive@example.org")))
        world.transport.answers = {"archive@example.org": [refused(450, "4.2.1 later"), refused(550, "5.1.1 gone")]}
        async with world.running():
            id_ = await world.drop("to@example.org")
            await world.until(lambda: world.state(id_) is MessageState.SENT)

        assert [sent.recipients for sent in world.transport.sent] == [
            ("to@example.org", "archive@example.org"),
            ("archive@example.org",),
        ]
        assert b"archive" not in world.transport.sent[0].head
        assert world.recipient(id_, "archive@example.org").is_copy
        assert isinstance(world.recipient(id_, "archive@example.org").verdict, Failed)
        assert world.failures.kept == []

    run_virtual(scenario())


def test_somebody_who_gets_the_message_anyway_gets_no_copy() -> None:
    async def scenario() -> None:
        world = World(account("billing", copy_to=Mailbox.parse("to@example.org")))
        async with world.running():
            id_ = await world.drop("to@example.org")
            await world.until(lambda: world.state(id_) is MessageState.SENT)

        assert [sent.recipients for sent in world.transport.sent] == [("to@example.org",)]

    run_virtual(scenario())


def test_recipients_of_one_message_go_through_different_accounts() -> None:
    async def scenario() -> None:
        world = World(
            account("billing"),
            account("shop"),
            routes=(Route(match=Match(recipient="*@shop.example"), accounts=("shop",)),),
            default_account="billing",
        )
        async with world.running():
            id_ = await world.drop("a@shop.example", "b@example.org", "c@shop.example")
            await world.until(lambda: world.state(id_) is MessageState.SENT)
            await asyncio.sleep(1)

        assert {(sent.account, sent.recipients, str(sent.sender)) for sent in world.transport.sent} == {
            ("shop", ("a@shop.example", "c@shop.example"), "shop@example.org"),
            ("billing", ("b@example.org",), "billing@example.org"),
        }
        assert {event.account for event in world.events_of(AttemptFinished)} == {"shop", "billing"}
        assert world.receipts.written[id_].state is MessageState.SENT

    run_virtual(scenario())


def test_a_part_whose_account_is_closed_waits_while_the_other_goes() -> None:
    async def scenario() -> None:
        world = World(
            account("billing"),
            account("shop"),
            routes=(Route(match=Match(recipient="*@shop.example"), accounts=("shop",)),),
            default_account="billing",
        )
        async with world.running():
            world.engine.account_probed("shop", can_send=False, detail="down")
            id_ = await world.drop("a@shop.example", "b@example.org")
            await asyncio.sleep(5)
            assert [sent.account for sent in world.transport.sent] == ["billing"]
            assert world.state(id_) is MessageState.QUEUED
            await world.until(lambda: world.state(id_) is MessageState.SENT)
            assert [sent.account for sent in world.transport.sent] == ["billing", "shop"]

    run_virtual(scenario())


def test_one_accounts_flood_or_outage_does_not_delay_another() -> None:
    async def scenario() -> None:
        world = World(account("slow"), account("quick"))
        world.transport.seconds = 10.0
        async with world.running():
            for _ in range(500):
                await world.drop(account="slow")
            quick = await world.drop(account="quick")
            await world.until(lambda: world.state(quick) is MessageState.SENT)
            assert world.loop_time() < 11
            assert world.engine.snapshot().accounts["slow"].waiting > 490

    run_virtual(scenario())


def test_messages_go_in_the_order_in_which_they_came() -> None:
    async def scenario() -> None:
        world = World(account("billing"), account("other"))
        addresses = [f"{number}@example.org" for number in range(200)]
        async with world.running():
            for address in addresses:
                await world.drop(address, account="billing")
            await world.until(lambda: len(world.transport.sent) == 200)

        assert [sent.recipients[0] for sent in world.transport.sent] == addresses

    run_virtual(scenario())


def test_a_message_without_a_way_waits_and_is_told_once() -> None:
    async def scenario() -> None:
        world = World(account("a"), account("b"))
        async with world.running():
            id_ = await world.drop()
            await asyncio.sleep(3600)
            assert [event.id for event in world.events_of(MessageUnroutable)] == [id_]
            assert world.state(id_) is MessageState.QUEUED
            assert world.engine.snapshot().unroutable == 1
            verdict = world.receipts.written[id_].recipients[0].verdict
            assert isinstance(verdict, Deferred)
            assert verdict.reason.endswith("name one as default_account in maild.yaml")

            world.engine.use(
                Plan(generation=2, accounts=world.plan.accounts, folder=world.plan.folder, default_account="b")
            )
            await asyncio.sleep(1)
            assert world.state(id_) is MessageState.SENT
            assert world.engine.snapshot().unroutable == 0

    run_virtual(scenario())


def test_a_change_of_routes_frees_what_waits_for_a_broken_account() -> None:
    async def scenario() -> None:
        world = World(account("broken"), account("good"), default_account="broken")
        async with world.running():
            world.engine.account_probed(
                "broken", can_send=False, detail="password expired", phase=Phase.AUTH, reason=Reason.REPLY
            )
            ids = [await world.drop() for _ in range(40)]
            await asyncio.sleep(10)
            assert world.transport.sent == []
            world.engine.use(
                Plan(generation=2, accounts=world.plan.accounts, folder=world.plan.folder, default_account="good")
            )
            await asyncio.sleep(1)
            assert all(world.state(id_) is MessageState.SENT for id_ in ids)
            assert {sent.account for sent in world.transport.sent} == {"good"}

    run_virtual(scenario())


def test_a_corrected_account_is_tried_at_once() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.opening.append(REFUSED_LOGIN)
        async with world.running():
            id_ = await world.drop()
            await asyncio.sleep(10)
            world.engine.use(
                Plan(
                    generation=2,
                    accounts={"billing": account("billing", username="me@example.org")},
                    folder=world.plan.folder,
                )
            )
            await asyncio.sleep(1)
            assert world.state(id_) is MessageState.SENT
            assert world.transport.orders[-1].account.username == "me@example.org"

    run_virtual(scenario())


def test_a_changed_account_gets_new_sessions_and_a_removed_one_none() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        async with world.running():
            await world.drop()
            await asyncio.sleep(1)
            assert world.transport.open_sessions == 1
            changed = account("billing", display_name="Shop")
            world.engine.use(Plan(generation=2, accounts={"billing": changed}, folder=world.plan.folder))
            await asyncio.sleep(1)
            assert world.transport.open_sessions == 0
            id_ = await world.drop()
            await asyncio.sleep(1)
            assert world.state(id_) is MessageState.SENT
            world.engine.use(Plan(generation=3, accounts={}, folder=world.plan.folder))
            await asyncio.sleep(1)
            assert world.transport.open_sessions == 0
            waiting = await world.drop()
            await asyncio.sleep(1)
            assert world.state(waiting) is MessageState.QUEUED

    run_virtual(scenario())


def test_accounts_that_come_and_go_take_no_session_from_the_others() -> None:
    async def scenario() -> None:
        billing = account("billing")
        world = World(billing, account("shop"))
        async with world.running():
            await world.drop(account="billing")
            await asyncio.sleep(1)
            others = {f"new{number}": account(f"new{number}") for number in range(250)}
            plan = Plan(generation=2, accounts={"billing": billing, **others}, folder=world.plan.folder)
            await world.engine.prepare(plan)
            world.engine.use(plan)
            await asyncio.sleep(1)
            assert world.transport.open_sessions == 1
            ids = [await world.drop(account=name) for name in ("billing", "new7", "new249")]
            await asyncio.sleep(1)
            assert [world.state(id_) for id_ in ids] == [MessageState.SENT] * 3
            assert len(world.transport.orders) == 3

    run_virtual(scenario())


def test_accounts_that_change_by_the_hundred_rest_until_each_of_them_has_changed() -> None:
    async def scenario() -> None:
        names = [f"many{number}" for number in range(AT_ONCE + 1)]
        world = World(*map(account, names))
        async with world.running():
            changed = {name: account(name, display_name="Shop") for name in names}
            world.engine.use(Plan(generation=2, accounts=changed, folder=world.plan.folder))
            ids = [await world.drop(account=name) for name in (names[0], names[-1])]
            await asyncio.sleep(1)

            assert [world.state(id_) for id_ in ids] == [MessageState.SENT] * 2
            lanes = world.engine._homes.lanes.values()
            assert {lane.account.name: lane.account for lane in lanes} == changed
            assert not any(lane.rests for lane in lanes)

            # Another plan before the lanes had their turn, which knows a few of them and not the others.
            world.engine.use(
                Plan(generation=3, accounts={name: account(name) for name in names}, folder=world.plan.folder)
            )
            few = {names[0]: changed[names[0]]}
            world.engine.use(Plan(generation=4, accounts=few, folder=world.plan.folder, changed=frozenset(names)))
            await asyncio.sleep(1)
            assert {lane.account.name: lane.account for lane in world.engine._homes.lanes.values()} == few

    run_virtual(scenario())


def test_an_uncertain_message_is_sent_again_at_the_next_retry_time() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {"to@example.org": [broken(Phase.BODY, is_uncertain=True)]}
        async with world.running():
            id_ = await world.drop("to@example.org")
            await asyncio.sleep(30)
            assert world.recipient(id_, "to@example.org").state is RecipientState.UNCERTAIN
            assert isinstance(world.recipient(id_, "to@example.org").verdict, Uncertain)
            await world.until(lambda: world.state(id_) is MessageState.SENT)
            assert [round(sent.at) for sent in world.transport.sent] == [0, 60]

    run_virtual(scenario())


def test_an_uncertain_message_is_held_where_that_is_the_policy() -> None:
    async def scenario() -> None:
        world = World(account("billing"), delivery=DeliverySettings(on_uncertain=OnUncertain.HOLD))
        world.transport.answers = {"to@example.org": [broken(Phase.BODY, is_uncertain=True)]}
        async with world.running():
            id_ = await world.drop("to@example.org")
            await asyncio.sleep(7200)
            assert world.state(id_) is MessageState.HELD
            assert len(world.transport.sent) == 1

    run_virtual(scenario())


def test_of_a_service_behind_a_gateway_that_waits_in_vain_few_messages_become_uncertain() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {f"{n}@example.org": [judge_status(504, "late", None)] for n in range(5)}
        async with world.running():
            ids = [await world.drop(f"{n}@example.org") for n in range(5)]
            await asyncio.sleep(10)
            uncertain = sum(
                world.recipient(id_, f"{n}@example.org").state is RecipientState.UNCERTAIN for n, id_ in enumerate(ids)
            )
            assert 1 <= uncertain == len(world.transport.sent) < 5
            await world.until(lambda: all(world.state(id_) is MessageState.SENT for id_ in ids))

    run_virtual(scenario())


def test_what_a_crash_left_uncertain_is_held_where_that_is_the_policy() -> None:
    async def scenario() -> None:
        world = World(account("billing"), delivery=DeliverySettings(on_uncertain=OnUncertain.HOLD))
        id_ = await world.drop("to@example.org")
        now = world.clock.now()
        await world.queue.lease([id_], now=now, next_at=now)
        await world.queue.mark_dot(id_, [Mailbox.parse("to@example.org")], now=now)
        async with world.running():
            await asyncio.sleep(5)

        assert world.state(id_) is MessageState.HELD
        assert world.transport.sent == []

    run_virtual(scenario())


def test_what_a_crash_left_in_sending_is_sent() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        id_ = await world.drop("to@example.org")
        now = world.clock.now()
        await world.queue.lease([id_], now=now, next_at=now + timedelta(minutes=1))
        async with world.running():
            await asyncio.sleep(61)

        assert world.state(id_) is MessageState.SENT

    run_virtual(scenario())


def test_stopping_finishes_what_is_in_flight_and_gives_the_rest_back() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.seconds = 5.0
        async with asyncio.TaskGroup() as group:
            run = group.create_task(world.engine.run())
            ids = [await world.drop() for _ in range(10)]
            await asyncio.sleep(1)
            await world.engine.stop(30)
            await run

        states = [world.state(id_) for id_ in ids]
        assert states == [MessageState.SENT, *[MessageState.QUEUED] * 9]
        assert {world.queue.message(id_).attempts_made for id_ in ids} == {0}
        assert world.transport.open_sessions == 0
        assert world.loop_time() < 7
        assert world.receipts.written[ids[0]].state is MessageState.SENT

    run_virtual(scenario())


def test_what_is_not_finished_by_the_deadline_is_uncertain_only_if_its_end_was_sent() -> None:
    async def scenario(*, marks_dot: bool) -> RecipientState:
        world = World(account("billing"))
        world.transport.seconds = 500.0
        world.transport.marks_dot = marks_dot
        async with asyncio.TaskGroup() as group:
            run = group.create_task(world.engine.run())
            id_ = await world.drop("to@example.org")
            await asyncio.sleep(1)
            await world.engine.stop(3)
            await run
        assert world.loop_time() < 5
        assert world.state(id_) is MessageState.QUEUED
        assert world.transport.open_sessions == 0
        return world.recipient(id_, "to@example.org").state

    assert run_virtual(scenario(marks_dot=True)) is RecipientState.UNCERTAIN
    assert run_virtual(scenario(marks_dot=False)) is RecipientState.WAITING


def test_cancelling_gives_everything_back() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.seconds = 500.0
        world.transport.marks_dot = False
        async with world.running():
            ids = [await world.drop() for _ in range(10)]
            await asyncio.sleep(1)

        assert {world.state(id_) for id_ in ids} == {MessageState.QUEUED}
        assert {world.queue.message(id_).attempts_made for id_ in ids} == {0}

    run_virtual(scenario())


class SlowLeases(MemoryQueue):
    """Leases at once and takes a while to say so, as a queue with a thread of its own does."""

    async def lease(self, ids: Sequence[QueueId], *, now: datetime, next_at: datetime) -> tuple[Leased, ...]:
        leased = await super().lease(ids, now=now, next_at=next_at)
        await asyncio.sleep(1)
        return leased


def test_what_is_being_taken_out_goes_back_when_stopped_or_cancelled() -> None:
    async def scenario(*, is_stopped: bool) -> None:
        world = World(account("billing"), queue=SlowLeases())
        run = asyncio.create_task(world.engine.run())
        id_ = await world.drop()
        await asyncio.sleep(0.5)
        assert world.state(id_) is MessageState.SENDING
        if is_stopped:
            await world.engine.stop(30)
        else:
            run.cancel()
        await asyncio.wait([run])
        assert world.state(id_) is MessageState.QUEUED
        assert world.transport.sent == []

    run_virtual(scenario(is_stopped=True))
    run_virtual(scenario(is_stopped=False))


def test_a_bug_in_a_lane_ends_the_engine_loudly_and_gives_everything_back() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.marks_dot = False
        world.transport.answers = {"to@example.org": [ZeroDivisionError("a bug")]}
        ids = [await world.drop("to@example.org") for _ in range(50)]
        with pytest.raises(ExceptionGroup) as caught:
            await world.engine.run()

        assert caught.group_contains(ZeroDivisionError, match="a bug")
        assert {world.state(id_) for id_ in ids} == {MessageState.QUEUED}
        assert world.transport.open_sessions == 0
        await world.engine.stop(1)

    run_virtual(scenario())


def test_stopping_while_the_disk_is_full_leaves_it_to_recovery() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.seconds = 1.0
        async with asyncio.TaskGroup() as group:
            run = group.create_task(world.engine.run())
            id_ = await world.drop("to@example.org")
            await asyncio.sleep(0.5)
            world.queue.fail_with = QueueError("disk full")
            await asyncio.sleep(2)
            await world.engine.stop(5)
            await run
        assert world.state(id_) is MessageState.SENDING
        world.queue.fail_with = None
        (recovered,) = await world.queue.recover(now=world.clock.now())
        assert recovered.recipients[0].state is RecipientState.UNCERTAIN

    run_virtual(scenario())


class StuckQueue(MemoryQueue):
    """Its storage neither answers nor fails while it is stuck."""

    def __init__(self) -> None:
        super().__init__()
        self.works = asyncio.Event()

    async def record(self, records: Sequence[AttemptRecord]) -> tuple[QueuedMessage, ...]:
        await self.works.wait()
        return await super().record(records)


def test_stopping_while_the_storage_is_stuck_ends_in_time_and_the_next_start_recovers() -> None:
    async def scenario() -> None:
        queue = StuckQueue()
        world = World(account("billing"), queue=queue)
        world.transport.seconds = 1.0
        async with asyncio.TaskGroup() as group:
            run = group.create_task(world.engine.run())
            id_ = await world.drop("to@example.org")
            await asyncio.sleep(2)
            began_s = world.loop_time()
            await world.engine.stop(5)
            assert world.loop_time() == began_s + 5 + LAST_WRITES_S
            await run
        assert world.state(id_) is MessageState.SENDING

        queue.works.set()
        again = World(account("billing"), queue=queue)
        async with again.running():
            await again.until(lambda: again.state(id_) is MessageState.SENT)
        # Whether the server took it the first time nobody could say; the policy is to send it again.
        assert len(world.transport.sent) == len(again.transport.sent) == 1

    run_virtual(scenario())


def test_a_verdict_that_was_waiting_for_the_disk_is_written_on_the_way_out() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.seconds = 1.0
        world.failures.fail_with = OSError(28, "No space left on device")
        world.transport.answers = {"to@example.org": [refused(550, "5.1.1 gone")]}
        async with asyncio.TaskGroup() as group:
            run = group.create_task(world.engine.run())
            id_ = await world.drop("to@example.org")
            await asyncio.sleep(10)
            assert world.state(id_) is MessageState.SENDING
            stop = group.create_task(world.engine.stop(0.1))
            world.failures.fail_with = None
            await stop
            await run
        assert world.state(id_) is MessageState.FAILED
        assert len(world.failures.kept) == 1

    run_virtual(scenario())


def test_a_message_for_an_account_that_went_away_meanwhile_is_routed_anew() -> None:
    async def scenario() -> None:
        world = World(account("billing"), account("other"), default_account="billing")
        world.transport.seconds = 10.0
        world.transport.answers = {"to@example.org": [refused(421, "4.3.2 closing", Phase.BODY)]}
        async with world.running():
            id_ = await world.drop("to@example.org")
            await asyncio.sleep(1)
            accounts = {"other": world.plan.accounts["other"]}
            world.engine.use(Plan(generation=2, accounts=accounts, folder=world.plan.folder))
            await world.until(lambda: world.state(id_) is MessageState.SENT)
            assert [sent.account for sent in world.transport.sent] == ["billing", "other"]
            assert world.loop_time() < 22

    run_virtual(scenario())


def test_stopping_an_engine_that_never_ran_returns() -> None:
    async def scenario() -> None:
        await World(account("billing")).engine.stop(1)

    run_virtual(scenario())


def test_a_full_disk_loses_nothing_and_sends_nothing_twice() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.seconds = 1.0
        async with world.running():
            first = await world.drop("to@example.org")
            second = await world.drop("to@example.org")
            await asyncio.sleep(0.5)
            world.queue.fail_with = QueueError("disk full")
            await asyncio.sleep(600)
            assert world.state(first) is MessageState.SENDING
            assert world.engine.snapshot().trouble == "disk full"
            assert len(world.transport.sent) == 1
            world.queue.fail_with = None
            await world.until(lambda: world.state(second) is MessageState.SENT)
            assert world.state(first) is MessageState.SENT
            assert len(world.transport.sent) == 2
            assert world.engine.snapshot().trouble == ""
            assert 5 < len(world.events_of(QueueTrouble)) < 20

    run_virtual(scenario())


def test_a_dot_that_cannot_be_written_down_is_not_sent() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {"to@example.org": [QueueError("disk full")]}
        async with world.running():
            id_ = await world.drop("to@example.org")
            await world.until(lambda: world.state(id_) is MessageState.SENT)

        assert world.queue.message(id_).attempts_made == 0
        assert [round(sent.at) for sent in world.transport.sent] == [0, 60]
        assert world.transport.sent[0].session != world.transport.sent[1].session

    run_virtual(scenario())


def test_a_failed_message_is_kept_before_the_queue_forgets_it() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {"to@example.org": [refused(550, "5.1.1 gone")]}
        world.failures.fail_with = OSError(28, "No space left on device")
        async with world.running():
            id_ = await world.drop("to@example.org")
            await asyncio.sleep(30)
            assert world.state(id_) is MessageState.SENDING
            world.failures.fail_with = None
            await world.until(lambda: world.state(id_) is MessageState.FAILED)
            assert len(world.failures.kept) == 1

    run_virtual(scenario())


def test_receipts_that_cannot_be_written_do_not_stop_the_mail() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.receipts.fail_with = OSError(28, "No space left on device")
        async with world.running():
            ids = [await world.drop() for _ in range(10)]
            await asyncio.sleep(5)
            assert {world.state(id_) for id_ in ids} == {MessageState.SENT}
            world.receipts.fail_with = None
            await asyncio.sleep(61)
            assert {world.receipts.written[id_].state for id_ in ids} == {MessageState.SENT}

    run_virtual(scenario())


def test_what_another_process_changed_is_followed() -> None:
    async def scenario() -> None:
        world = World(account("billing"), tuning=CURIOUS)
        world.transport.answers = {"to@example.org": [refused(450, "4.2.1 later")]}
        async with world.running():
            id_ = await world.drop("to@example.org")
            await asyncio.sleep(5)
            (retried,) = await world.queue.retry([id_], now=world.clock.now())
            world.queue.change_elsewhere(retried)
            await asyncio.sleep(2)
            assert world.state(id_) is MessageState.SENT

    run_virtual(scenario())


def test_a_message_held_elsewhere_is_not_sent() -> None:
    async def scenario() -> None:
        world = World(account("billing"), tuning=CURIOUS)
        async with world.running():
            world.engine.account_probed("billing", can_send=False, detail="down")
            id_ = await world.drop()
            await asyncio.sleep(5)
            (held,) = await world.queue.hold([id_], now=world.clock.now())
            world.queue.change_elsewhere(held)
            await asyncio.sleep(600)
            assert world.state(id_) is MessageState.HELD
            assert world.transport.sent == []
            assert world.receipts.written[id_].state is MessageState.HELD
            (released,) = await world.queue.release([id_], now=world.clock.now())
            world.queue.change_elsewhere(released)
            await asyncio.sleep(5)
            assert world.state(id_) is MessageState.SENT

    run_virtual(scenario())


def test_what_is_held_or_deleted_elsewhere_is_not_counted_a_moment_later_whatever_is_under_way() -> None:
    async def scenario() -> None:
        world = World(account("billing"), account("stuck"), tuning=CURIOUS)
        late = [f"{number}@example.org" for number in range(3)]
        world.transport.answers = {address: [refused(450, "4.2.1 later")] for address in late}
        async with world.running():
            world.transport.seconds = 3600
            await world.drop("x@example.org", account="stuck")
            await asyncio.sleep(1)
            world.transport.seconds = 0
            ids = [await world.drop(address, account="billing") for address in late]
            await asyncio.sleep(5)
            counts = [world.engine.snapshot().accounts["billing"].waiting]
            for change in (world.queue.hold, world.queue.delete):
                (changed,) = await change([ids.pop()], now=world.clock.now())
                world.queue.change_elsewhere(changed)
                await asyncio.sleep(2.5)
                counts.append(world.engine.snapshot().accounts["billing"].waiting)
            assert counts == [3, 2, 1]
            assert world.engine.snapshot().in_flight == 1

    run_virtual(scenario())


def test_the_minutes_allowance_is_kept() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(per_minute=10, connections=2)))
        async with world.running():
            ids = [await world.drop() for _ in range(35)]
            await world.until(lambda: all(world.state(id_) is MessageState.SENT for id_ in ids))

        starts = [sent.at for sent in world.transport.sent]
        assert all(later - earlier >= 60 for earlier, later in zip(starts, starts[10:], strict=False))
        assert starts[-1] < 185
        assert {world.queue.message(id_).attempts_made for id_ in ids} == {0}

    run_virtual(scenario())


def test_the_days_allowance_counts_what_was_sent_before_the_start() -> None:
    async def scenario() -> None:
        world = World(account("billing", limits=Limits(per_day=5, connections=1)))
        async with world.running():
            ids = [await world.drop() for _ in range(3)]
            await world.until(lambda: all(world.state(id_) is MessageState.SENT for id_ in ids))
        later = World(account("billing", limits=Limits(per_day=5, connections=1)), queue=world.queue, clock=world.clock)
        later._count = 100
        async with later.running():
            more = [await later.drop() for _ in range(4)]
            await asyncio.sleep(3600)
            assert [later.state(id_) for id_ in more] == [*[MessageState.SENT] * 2, *[MessageState.QUEUED] * 2]
            assert later.engine.snapshot().accounts["billing"].day_left == 0
            await later.until(lambda: all(later.state(id_) is MessageState.SENT for id_ in more))
            assert 24 * 3600 < later.loop_time() < 27 * 3600

    run_virtual(scenario())


def test_the_minutes_allowance_counts_what_was_sent_before_the_start() -> None:
    async def scenario() -> None:
        limits = Limits(per_minute=5, connections=1)
        world = World(account("billing", limits=limits))
        async with world.running():
            ids = [await world.drop() for _ in range(5)]
            await world.until(lambda: all(world.state(id_) is MessageState.SENT for id_ in ids))
        again = World(account("billing", limits=limits), queue=world.queue, clock=world.clock)
        again._count = 100
        async with again.running():
            began = again.loop_time()
            late = await again.drop()
            await again.until(lambda: again.state(late) is MessageState.SENT)
            assert 50 < again.loop_time() - began < 70

    run_virtual(scenario())


def test_recipients_too_many_go_in_the_next_transaction() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        surplus = refused(452, "4.5.3 too many recipients")
        world.transport.answers = {"c@example.org": [surplus], "d@example.org": [surplus]}
        async with world.running():
            id_ = await world.drop(*(f"{name}@example.org" for name in "abcd"))
            await world.drop(*(f"{name}@example.org" for name in "efg"))
            await asyncio.sleep(1)

        # What the server takes at once is known from then on.
        sent = ["".join(recipient[0] for recipient in one.recipients) for one in world.transport.sent]
        assert sent == ["abcd", "cd", "ef", "g"]
        assert world.state(id_) is MessageState.SENT

    run_virtual(scenario())


def test_a_transaction_that_succeeded_is_never_repeated() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.groups = lambda recipients: tuple((one,) for one in recipients)
        world.transport.answers = {"b@example.org": [refused(451, "4.3.0 later", Phase.BODY)]}
        async with world.running():
            id_ = await world.drop("a@example.org", "b@example.org", "c@example.org")
            await world.until(lambda: world.state(id_) is MessageState.SENT)

        assert [sent.recipients for sent in world.transport.sent] == [
            ("a@example.org",),
            ("b@example.org",),
            ("c@example.org",),
            ("b@example.org",),
        ]

    run_virtual(scenario())


def test_counts_say_what_became_of_recipients() -> None:
    async def scenario() -> None:
        world = World(account("billing"))
        world.transport.answers = {
            "bad@example.org": [refused(550, "5.1.1 gone")],
            "slow@example.org": [refused(450, "4.2.1 later")],
        }
        async with world.running():
            await world.drop("a@example.org", "bad@example.org", "slow@example.org")
            await asyncio.sleep(5)
            snapshot = world.engine.snapshot().accounts["billing"]
            assert (snapshot.delivered, snapshot.failed, snapshot.deferred, snapshot.uncertain) == (1, 1, 1, 0)
            assert snapshot.waiting == 1
            assert isinstance(snapshot.breaker, Closed)
            assert snapshot.sessions == 1

    run_virtual(scenario())

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maild.config.delivery_settings import DeliverySettings, OnUncertain
from maild.delivery.outcome import Circumstances, Outcome, conclude
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain, Verdict
from maild.spool.queue import AccountSender, MessageState, QueuedMessage, QueuedRecipient, QueueId, RecipientState
from tests.rows import each_row

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
A, B = Mailbox("a", "example.org"), Mailbox("b", "example.org")
DELIVERED = Delivered(reply=Reply.of(250, "ok"))
UNCERTAIN = Uncertain(phase=Phase.BODY, reason="the answer was lost")
USUAL = Circumstances(settings=DeliverySettings(), now=NOON, chance=0.5)
HOLDING = replace(USUAL, settings=DeliverySettings(on_uncertain=OnUncertain.HOLD))


def deferred(fault: Fault) -> Deferred:
    return Deferred(fault=fault, phase=Phase.BODY, reason="later")


def failed(fault: Fault) -> Failed:
    return Failed(fault=fault, phase=Phase.RCPT, reason="never")


def message(*recipients: QueuedRecipient, attempts_made: int = 0, expires_in: float = 3600) -> QueuedMessage:
    return QueuedMessage(
        id=QueueId("1"),
        state=MessageState.SENDING,
        sender=AccountSender(),
        recipients=recipients or (QueuedRecipient(mailbox=A), QueuedRecipient(mailbox=B)),
        message_id="<1@example.org>",
        size_bytes=1,
        received_at=NOON - timedelta(days=1),
        expires_at=NOON + timedelta(seconds=expires_in),
        next_at=NOON,
        attempts_made=attempts_made,
    )


def queued(seconds: float, *, is_charged: bool) -> Outcome:
    return Outcome(state=MessageState.QUEUED, next_at=NOON + timedelta(seconds=seconds), is_charged=is_charged)


def test_everybody_got_it() -> None:
    assert conclude(message(), {A: DELIVERED, B: DELIVERED}, USUAL) == Outcome(
        state=MessageState.SENT, next_at=NOON, is_charged=False
    )


def test_somebody_never_will() -> None:
    assert conclude(message(), {A: DELIVERED, B: failed(Fault.RECIPIENT)}, USUAL) == Outcome(
        state=MessageState.FAILED, next_at=NOON, is_charged=True
    )


def test_a_copy_that_failed_does_not_fail_a_message_that_everybody_got() -> None:
    copied = message(QueuedRecipient(mailbox=A), QueuedRecipient(mailbox=B, is_copy=True))

    assert conclude(copied, {A: DELIVERED, B: failed(Fault.RECIPIENT)}, USUAL).state is MessageState.SENT
    assert conclude(copied, {A: failed(Fault.RECIPIENT), B: DELIVERED}, USUAL).state is MessageState.FAILED


def test_recipients_of_earlier_attempts_count() -> None:
    earlier = message(
        QueuedRecipient(mailbox=A, state=RecipientState.FAILED),
        QueuedRecipient(mailbox=B),
    )

    assert conclude(earlier, {B: DELIVERED}, USUAL).state is MessageState.FAILED
    assert conclude(earlier, {A: DELIVERED, B: DELIVERED}, USUAL).state is MessageState.FAILED


@each_row("fault", [Fault.MESSAGE, Fault.RECIPIENT])
@each_row(("attempts_made", "seconds"), [(0, 60), (1, 300), (3, 1800)])
def test_who_is_at_fault_is_charged_and_waits_for_the_retry_time(
    fault: Fault, attempts_made: int, seconds: int
) -> None:
    outcome = conclude(message(attempts_made=attempts_made), {A: DELIVERED, B: deferred(fault)}, USUAL)

    assert outcome == queued(seconds, is_charged=True)


def test_a_retry_is_not_later_than_the_expiry() -> None:
    outcome = conclude(message(attempts_made=6), {A: deferred(Fault.MESSAGE)}, USUAL)

    assert outcome == queued(3600, is_charged=True)


def test_an_accounts_fault_charges_nobody_and_waits_for_the_account() -> None:
    blocked = replace(USUAL, blocked_until=NOON + timedelta(seconds=15))
    late = replace(USUAL, blocked_until=NOON - timedelta(seconds=15))

    assert conclude(message(), {A: deferred(Fault.ACCOUNT)}, blocked) == queued(15, is_charged=False)
    assert conclude(message(), {A: deferred(Fault.ACCOUNT)}, late) == queued(0, is_charged=False)


def test_our_own_fault_charges_nobody_and_waits_a_minute() -> None:
    assert conclude(message(), {A: deferred(Fault.LOCAL)}, USUAL) == queued(60, is_charged=False)


def test_what_was_not_tried_may_be_tried_at_once() -> None:
    assert conclude(message(), {}, USUAL) == queued(0, is_charged=False)


def test_somebodys_own_fault_decides_when_others_wait_for_an_account() -> None:
    blocked = replace(USUAL, blocked_until=NOON + timedelta(seconds=15))

    outcome = conclude(message(), {A: deferred(Fault.ACCOUNT), B: deferred(Fault.RECIPIENT)}, blocked)

    assert outcome == queued(60, is_charged=True)


def test_an_uncertain_recipient_is_tried_again_at_the_retry_time() -> None:
    assert conclude(message(), {A: DELIVERED, B: UNCERTAIN}, USUAL) == queued(60, is_charged=True)


def test_an_uncertain_recipient_is_held_where_that_is_the_policy() -> None:
    assert conclude(message(), {A: DELIVERED, B: UNCERTAIN}, HOLDING) == Outcome(
        state=MessageState.HELD, next_at=NOON, is_charged=True
    )
    left_by_a_crash = message(QueuedRecipient(mailbox=A, state=RecipientState.UNCERTAIN))
    assert conclude(left_by_a_crash, {}, HOLDING).state is MessageState.HELD
    assert conclude(message(), {A: deferred(Fault.MESSAGE)}, HOLDING) == queued(60, is_charged=True)


@pytest.mark.parametrize(
    ("verdict", "given_up"),
    [
        (
            deferred(Fault.RECIPIENT),
            Failed(
                fault=Fault.RECIPIENT, phase=Phase.BODY, reason="given up at the end of its lifetime: later", reply=None
            ),
        ),
        (
            UNCERTAIN,
            Failed(
                fault=Fault.MESSAGE,
                phase=Phase.BODY,
                reason="given up at the end of its lifetime; it may have been delivered or not: the answer was lost",
            ),
        ),
    ],
)
def test_a_message_past_its_lifetime_is_given_up(verdict: Verdict, given_up: Failed) -> None:
    outcome = conclude(message(expires_in=0), {A: DELIVERED, B: verdict}, USUAL)

    assert outcome == Outcome(state=MessageState.FAILED, next_at=NOON, is_charged=True, given_up={B: given_up})


def test_the_clock_stands_still_for_those_who_wait_for_an_account() -> None:
    late = message(expires_in=-3600)
    blocked = replace(USUAL, blocked_until=NOON + timedelta(seconds=15))

    assert conclude(late, {A: deferred(Fault.ACCOUNT)}, blocked) == queued(15, is_charged=False)
    outcome = conclude(late, {A: deferred(Fault.ACCOUNT), B: deferred(Fault.RECIPIENT)}, blocked)
    assert outcome.state is MessageState.QUEUED
    assert list(outcome.given_up) == [B]


def test_an_uncertain_recipient_waits_an_hour_where_that_is_the_policy() -> None:
    waits = replace(USUAL, settings=DeliverySettings(on_uncertain=OnUncertain.WAIT))

    assert conclude(message(expires_in=86400), {A: UNCERTAIN}, waits) == queued(3600, is_charged=True)
    assert conclude(message(expires_in=86400, attempts_made=9), {A: UNCERTAIN}, waits) == queued(14400, is_charged=True)
    assert conclude(message(), {A: deferred(Fault.MESSAGE)}, waits) == queued(60, is_charged=True)

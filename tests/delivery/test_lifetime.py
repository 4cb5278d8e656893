from datetime import timedelta

from maild.delivery.lifetime import expiry, stood_still
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.verdict import Deferred, Fault, Uncertain, Verdict
from maild.spool.queue import (
    AccountSender,
    InlineBody,
    Leased,
    MessageState,
    QueuedMessage,
    QueuedRecipient,
    QueueId,
    RecipientState,
)
from tests.fakes.clock import START
from tests.rows import each_row

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SITE = 5 * DAY


def told(verdict: Verdict | None, *, at: timedelta | None = timedelta(0), name: str = "a") -> QueuedRecipient:
    return QueuedRecipient(
        mailbox=Mailbox(name, "example.org"), verdict=verdict, verdict_at=None if at is None else START + at
    )


def message(*recipients: QueuedRecipient, lifetime: timedelta = SITE, last_account: str | None = None) -> QueuedMessage:
    return QueuedMessage(
        id=QueueId("1"),
        state=MessageState.SENDING,
        sender=AccountSender(),
        recipients=recipients,
        message_id="<1@example.org>",
        size_bytes=1,
        received_at=START,
        expires_at=START + lifetime,
        next_at=START,
        last_account=last_account,
    )


def leased(message: QueuedMessage, waited: timedelta = timedelta(0)) -> Leased:
    return Leased(message=message, head=b"", body=InlineBody(data=b""), stood_still=waited)


def deferred(fault: Fault) -> Deferred:
    return Deferred(fault=fault, phase=Phase.AUTH, reason="not now")


@each_row(
    ("recipients", "hours"),
    [
        ((told(deferred(Fault.ACCOUNT)),), 3),
        ((told(deferred(Fault.LOCAL)),), 3),
        ((told(deferred(Fault.ACCOUNT)), told(deferred(Fault.ACCOUNT), at=HOUR, name="b")), 2),
        ((told(deferred(Fault.ACCOUNT)), told(deferred(Fault.RECIPIENT), name="b")), 0),
        ((told(deferred(Fault.MESSAGE)),), 0),
        ((told(Uncertain(phase=Phase.BODY, reason="lost")),), 0),
        ((told(None, at=None),), 0),
        ((told(deferred(Fault.ACCOUNT), at=None),), 0),
        ((told(deferred(Fault.ACCOUNT), at=4 * HOUR),), 0),
        ((), 0),
    ],
)
def test_the_clock_stands_still_while_everybody_waits_for_what_is_not_the_messages(
    recipients: tuple[QueuedRecipient, ...], hours: int
) -> None:
    assert stood_still(message(*recipients), START + 3 * HOUR) == timedelta(hours=hours)


def test_who_is_done_with_does_not_keep_the_clock_going() -> None:
    done = QueuedRecipient(mailbox=Mailbox("b", "example.org"), state=RecipientState.DELIVERED)

    assert stood_still(message(told(deferred(Fault.ACCOUNT)), done), START + HOUR) == HOUR


@each_row(
    ("lifetime", "last_account", "own", "days"),
    [
        (SITE, None, None, 5),
        (SITE, None, 2 * DAY, 2),
        (SITE, None, 9 * DAY, 9),
        (SITE, "billing", 2 * DAY, 5),
        (DAY, None, 2 * DAY, 1),
        (9 * DAY, None, 2 * DAY, 9),
    ],
)
def test_an_accounts_lifetime_is_for_messages_that_bring_none(
    lifetime: timedelta, last_account: str | None, own: timedelta | None, days: int
) -> None:
    first = message(told(None, at=None), lifetime=lifetime, last_account=last_account)

    assert expiry(leased(first), START, SITE, own) == START + days * DAY


def test_both_add_up() -> None:
    waited = message(told(deferred(Fault.ACCOUNT)))

    assert expiry(leased(waited), START + HOUR, SITE, 2 * DAY) == START + 2 * DAY + HOUR


def test_what_waited_for_its_turn_stood_still_too_and_no_hour_counts_twice() -> None:
    first = message(told(None, at=None))
    waited = message(told(deferred(Fault.ACCOUNT)))

    assert expiry(leased(first, 3 * HOUR), START, SITE, None) == START + SITE + 3 * HOUR
    assert expiry(leased(waited, 3 * HOUR), START + 4 * HOUR, SITE, None) == START + SITE + 4 * HOUR

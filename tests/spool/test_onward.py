from dataclasses import replace
from datetime import timedelta

from maild.mail.priority import Priority
from maild.mail.report_wish import ReportWish
from maild.spool import transition
from maild.spool.onward import onward_envelope, undelivered
from maild.spool.queue import MessageState, QueuedRecipient, RecipientState
from maild.spool.sidecar import Sidecar
from tests.spool.messages import ANNA, BERT, CARL, LIFETIME, NOW, make_arrival, make_id

WISH = ReportWish(envelope_id="x")
MESSAGE = transition.received(make_arrival(1, recipients=(ANNA, BERT), sender=CARL, account="shop", wish=WISH))
HOUR = timedelta(hours=1)


def test_what_waits_goes_on_with_what_is_left_of_its_lifetime() -> None:
    assert onward_envelope(MESSAGE, NOW + HOUR) == Sidecar(
        sender=CARL,
        recipients=(ANNA, BERT),
        account="shop",
        lifetime=LIFETIME - HOUR,
        idempotency_key=f"again {make_id(1)}",
        wish=WISH,
    )


def test_a_lifetime_that_is_over_still_gives_one_try() -> None:
    assert onward_envelope(MESSAGE, NOW + 2 * LIFETIME).lifetime == timedelta(seconds=1)


def test_what_was_put_off_stays_put_off() -> None:
    later = replace(MESSAGE, next_at=NOW + HOUR)

    assert (onward_envelope(later, NOW).not_before, onward_envelope(later, NOW).lifetime) == (
        NOW + HOUR,
        LIFETIME - HOUR,
    )
    assert onward_envelope(replace(later, changed_at=NOW), NOW).not_before is None


def test_what_failed_begins_anew_for_those_who_did_not_get_it() -> None:
    recipients = (
        QueuedRecipient(mailbox=ANNA, state=RecipientState.DELIVERED),
        QueuedRecipient(mailbox=BERT, state=RecipientState.FAILED),
        QueuedRecipient(mailbox=CARL, state=RecipientState.FAILED, is_copy=True),
    )
    failed = replace(MESSAGE, state=MessageState.FAILED, recipients=recipients, changed_at=NOW)

    assert undelivered(failed) == (BERT,)
    assert onward_envelope(failed, NOW).lifetime is None


def test_what_is_urgent_stays_urgent() -> None:
    assert onward_envelope(MESSAGE, NOW).priority is None
    assert onward_envelope(replace(MESSAGE, stream=0), NOW).priority is Priority.URGENT

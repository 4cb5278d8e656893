"""The arrows that name every field themselves forget none."""

from dataclasses import fields, replace
from datetime import timedelta

from maild.mail.note import Note, NoteCode
from maild.mail.report_wish import ReportWish
from maild.spool import transition
from maild.spool.queue import MessageState, QueuedMessage, QueuedRecipient, RecipientState
from tests.spool.messages import ANNA, BERT, DEFERRED, DELIVERED, NOW, make_arrival, make_record

LATER = NOW + timedelta(hours=1)

WAITING = QueuedRecipient(mailbox=ANNA, is_copy=True, verdict=DEFERRED, verdict_at=NOW)
FULL = replace(
    transition.received(make_arrival(recipients=(ANNA,))),
    recipients=(WAITING, QueuedRecipient(mailbox=BERT, state=RecipientState.DELIVERED, verdict=DELIVERED)),
    attempts_made=3,
    account="asked",
    last_account="last",
    changed_at=NOW,
    held_at=NOW,
    wish=ReportWish(envelope_id="x"),
    notes=(Note(code=NoteCode.LINE_ENDS_CHANGED, detail="x"),),
    stream=40,
    pool="asked",
)


def changed(before: QueuedMessage, after: QueuedMessage | None) -> dict[str, object]:
    """The fields that differ."""
    assert after is not None
    names = [one.name for one in fields(QueuedMessage)]
    return {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}


def test_every_field_has_a_value_of_its_own_here() -> None:
    plain = {one.name: one.default for one in fields(QueuedMessage)}

    assert [name for name, default in plain.items() if getattr(FULL, name) == default] == []


def test_leasing_changes_the_state_and_the_times() -> None:
    assert changed(FULL, transition.leased(FULL, now=LATER, next_at=LATER)) == {
        "state": MessageState.SENDING,
        "next_at": LATER,
        "changed_at": LATER,
    }


def test_marking_the_dot_changes_who_is_concerned_and_not_final() -> None:
    sending = replace(FULL, state=MessageState.SENDING)

    assert changed(sending, transition.dot_marked(sending, [ANNA, BERT], now=LATER)) == {
        "recipients": (replace(WAITING, dot_at=LATER), FULL.recipients[1])
    }


def test_a_record_changes_what_it_is_about() -> None:
    note = Note(code=NoteCode.SIGNATURE_BROKEN, detail="y")
    sending = replace(FULL, state=MessageState.SENDING)
    record = make_record(verdicts={ANNA: DELIVERED}, next_state=MessageState.SENT, finished_at=LATER, is_charged=True)

    assert changed(sending, transition.recorded(sending, replace(record, notes=(note,)))) == {
        "state": MessageState.SENT,
        "recipients": (
            replace(WAITING, state=RecipientState.DELIVERED, verdict=DELIVERED, verdict_at=LATER),
            FULL.recipients[1],
        ),
        "attempts_made": 4,
        "last_account": "billing",
        "changed_at": LATER,
        "held_at": None,
        "notes": (*FULL.notes, note),
    }


def test_what_is_queued_again_waits_for_what_the_record_says() -> None:
    sending = replace(FULL, state=MessageState.SENDING)
    record = make_record(verdicts={}, next_state=MessageState.QUEUED, finished_at=LATER)

    queued = transition.recorded(sending, replace(record, pool="billing/3"))
    held = transition.recorded(sending, replace(record, pool="billing/3", next_state=MessageState.HELD))

    assert queued is not None
    assert held is not None
    assert (queued.pool, held.pool) == ("billing/3", "asked")


def test_an_operator_or_a_crash_lets_it_wait_for_its_time() -> None:
    queued = replace(FULL, held_at=None)
    moved = (
        transition.retried(queued, now=LATER),
        transition.released(replace(FULL, state=MessageState.HELD), now=LATER),
        transition.recovered(replace(FULL, state=MessageState.SENDING), now=LATER),
    )

    assert [one and one.pool for one in moved] == ["", "", ""]


def test_the_clock_stands_still_for_what_waits_for_anything_but_its_time() -> None:
    hour = timedelta(hours=1)
    new = transition.received(make_arrival())
    asked = transition.received(make_arrival(account="billing"))
    put_off = transition.received(make_arrival(account="billing", not_before=LATER))
    parked = replace(new, pool="billing/1", changed_at=NOW + hour, next_at=NOW + 9 * hour)

    assert (new.pool, asked.pool, put_off.pool) == ("", "billing", "")
    assert transition.stood_still(new, now=NOW + 2 * hour) == 2 * hour
    assert transition.stood_still(asked, now=NOW + 2 * hour) == 2 * hour
    assert transition.stood_still(put_off, now=NOW + 2 * hour) == hour
    assert transition.stood_still(put_off, now=NOW) == timedelta(0)
    assert transition.stood_still(parked, now=NOW + 3 * hour) == 2 * hour


def test_the_way_of_a_message_is_what_it_waits_for_or_went_by_or_asks_for() -> None:
    plain = transition.received(make_arrival())
    asked = replace(plain, account="asked")
    tried = replace(asked, last_account="tried")
    parked = replace(tried, pool="parked/7")
    nowhere = replace(tried, pool="/7")
    done = replace(parked, state=MessageState.SENT)

    ways = [one.way for one in (plain, asked, tried, parked, nowhere, done)]
    assert ways == [None, "asked", "tried", "parked", "tried", "tried"]

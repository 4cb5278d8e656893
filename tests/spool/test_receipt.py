import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from maild.config.resources import schema_text
from maild.mail.verdict import Verdict
from maild.spool import transition
from maild.spool.layout import Layout, make_folders
from maild.spool.queue import MessageState, QueuedMessage
from maild.spool.receipt import ReceiptWriter, receipt_of, rejection_of
from tests.spool.messages import (
    ANNA,
    BERT,
    DEFERRED,
    DELIVERED,
    FAILED,
    NOW,
    UNCERTAIN,
    make_arrival,
    make_record,
)

SCHEMA = Draft202012Validator(json.loads(schema_text("receipt")), format_checker=Draft202012Validator.FORMAT_CHECKER)
VERDICTS: st.SearchStrategy[Verdict] = st.sampled_from([DELIVERED, DEFERRED, FAILED, UNCERTAIN])


def message_in(state: MessageState, *verdicts: Verdict) -> QueuedMessage:
    mailboxes = (ANNA, BERT)[: max(1, len(verdicts))]
    message = transition.received(make_arrival(recipients=mailboxes, account="billing"))
    record = make_record(verdicts=dict(zip(mailboxes, verdicts, strict=False)), next_state=state)
    done = transition.recorded(message, record)
    assert done is not None
    return done


def test_a_receipt_says_what_became_of_each_recipient() -> None:
    message = transition.received(make_arrival(recipients=(ANNA, BERT), account="shop"))
    record = make_record(
        verdicts={ANNA: DELIVERED, BERT: DEFERRED},
        next_state=MessageState.QUEUED,
        next_at=NOW + timedelta(minutes=1),
        finished_at=NOW + timedelta(seconds=2, milliseconds=5),
        is_charged=True,
    )
    done = transition.recorded(message, record)
    assert done is not None

    assert receipt_of(done) == {
        "version": 1,
        "drop": "1.eml",
        "state": "queued",
        "id": "00000000000000000000000001",
        "message_id": "<1@example.org>",
        "account": "billing",
        "attempts_made": 1,
        "received_at": "2026-03-01T12:00:00.000Z",
        "updated_at": "2026-03-01T12:00:02.005Z",
        "next_at": "2026-03-01T12:01:00.000Z",
        "expires_at": "2026-03-06T12:00:00.000Z",
        "recipients": [
            {
                "address": "anna@example.org",
                "state": "delivered",
                "is_copy": False,
                "reply": "250 2.0.0 queued as 4711",
                "reason": None,
                "at": "2026-03-01T12:00:02.005Z",
            },
            {
                "address": "bert@example.org",
                "state": "waiting",
                "is_copy": False,
                "reply": "451 4.7.1 later",
                "reason": "greylisted",
                "at": "2026-03-01T12:00:02.005Z",
            },
        ],
        "notes": [],
    }


@given(st.sampled_from(MessageState), st.lists(VERDICTS, max_size=2))
def test_every_receipt_keeps_to_its_schema(state: MessageState, verdicts: list[Verdict]) -> None:
    SCHEMA.validate(receipt_of(message_in(state, *verdicts)))


def test_a_new_messages_receipt_keeps_to_its_schema() -> None:
    SCHEMA.validate(receipt_of(transition.received(make_arrival())))


def test_a_rejections_receipt_keeps_to_its_schema() -> None:
    receipt = rejection_of("a.eml", reason="no_header", detail="it does not begin with a mail header", at=NOW)

    SCHEMA.validate(receipt)
    assert receipt["state"] == "rejected"


def test_final_messages_have_neither_next_attempt_nor_end() -> None:
    receipt = receipt_of(message_in(MessageState.SENT, DELIVERED))

    assert (receipt["next_at"], receipt["expires_at"]) == (None, None)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "spool")
    make_folders(layout)
    return layout


def test_a_receipt_is_replaced_as_a_whole_and_mirrors_the_drops_folder(layout: Layout) -> None:
    writer = ReceiptWriter(layout)
    message = replace(message_in(MessageState.QUEUED), drop="billing/a.eml")

    asyncio.run(writer.write([message, replace(message, drop=None)]))
    asyncio.run(writer.write([replace(message, state=MessageState.SENT)]))
    writer.close()

    (path,) = [path for path in layout.receipts.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert path == layout.receipt("billing/a.eml")
    assert json.loads(path.read_text())["state"] == "sent"


def test_receipts_come_in_the_order_in_which_they_were_asked_for(layout: Layout) -> None:
    async def scenario() -> None:
        writer = ReceiptWriter(layout)
        message = message_in(MessageState.QUEUED)
        await asyncio.gather(
            *(writer.write([replace(message, attempts_made=number)]) for number in range(50)),
        )
        writer.close()

    asyncio.run(scenario())

    assert json.loads(layout.receipt("1.eml").read_text())["attempts_made"] == 49


def test_a_receipt_that_cannot_be_written_is_written_with_the_next(layout: Layout) -> None:
    writer = ReceiptWriter(layout)
    layout.receipt("1.eml").mkdir()

    asyncio.run(writer.write([message_in(MessageState.SENT)]))
    unwritten = writer.unwritten
    layout.receipt("1.eml").rmdir()
    asyncio.run(writer.rejected("b.eml", "empty", "the file is empty", NOW))
    writer.close()

    assert (unwritten, writer.unwritten) == (1, 0)
    assert json.loads(layout.receipt("1.eml").read_text())["state"] == "sent"
    assert json.loads(layout.receipt("b.eml").read_text())["reason"] == "empty"


def test_old_receipts_are_purged(layout: Layout) -> None:
    writer = ReceiptWriter(layout)
    asyncio.run(writer.write([message_in(MessageState.SENT)]))

    kept = asyncio.run(writer.purge(before=NOW))
    purged = asyncio.run(writer.purge(before=NOW + timedelta(days=365 * 1000)))
    writer.close()

    assert (kept, purged) == (0, 1)
    assert not layout.receipt("1.eml").exists()

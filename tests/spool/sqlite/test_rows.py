from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.address import Mailbox
from maild.mail.note import Note, NoteCode
from maild.mail.phase import Phase
from maild.mail.reply import EnhancedCode, Reply
from maild.mail.report_wish import Notify, ReportWish
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain, Verdict
from maild.spool.queue import (
    AccountSender,
    MessageState,
    NullSender,
    QueuedMessage,
    QueuedRecipient,
    QueueId,
    RecipientState,
    SourceIdentity,
)
from maild.spool.sqlite.rows import (
    format_verdict,
    instant_number,
    instant_of,
    ledger_key,
    message_of,
    message_row,
    minute_number,
    parse_verdict,
    recipient_of,
    recipient_row,
)

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
INSTANTS = st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ENHANCED = st.builds(EnhancedCode, class_=st.integers(2, 5), subject=st.integers(0, 999), detail=st.integers(0, 999))
REPLIES = st.builds(Reply, code=st.integers(200, 599), text=TEXT, enhanced=st.none() | ENHANCED)
PHASES = st.sampled_from(Phase)
FAULTS = st.sampled_from(Fault)
VERDICTS: st.SearchStrategy[Verdict] = st.one_of(
    st.builds(Delivered, reply=REPLIES),
    st.builds(Deferred, fault=FAULTS, phase=PHASES, reason=TEXT, reply=st.none() | REPLIES),
    st.builds(Failed, fault=FAULTS, phase=PHASES, reason=TEXT, reply=st.none() | REPLIES),
    st.builds(Uncertain, phase=PHASES, reason=TEXT),
)
MAILBOXES = st.builds(Mailbox, TEXT, TEXT)
RECIPIENTS = st.builds(
    QueuedRecipient,
    mailbox=MAILBOXES,
    state=st.sampled_from(RecipientState),
    is_copy=st.booleans(),
    verdict=st.none() | VERDICTS,
    verdict_at=st.none() | INSTANTS,
    dot_at=st.none() | INSTANTS,
)
MESSAGES = st.builds(
    QueuedMessage,
    id=TEXT.map(QueueId),
    state=st.sampled_from(MessageState),
    sender=st.one_of(st.just(AccountSender()), st.just(NullSender()), MAILBOXES),
    recipients=st.lists(RECIPIENTS, max_size=3).map(tuple),
    message_id=TEXT,
    size_bytes=st.integers(0),
    received_at=INSTANTS,
    expires_at=INSTANTS,
    next_at=INSTANTS,
    attempts_made=st.integers(0),
    account=st.none() | TEXT,
    last_account=st.none() | TEXT,
    drop=st.none() | TEXT,
    wish=st.builds(
        ReportWish,
        notify=st.none() | st.frozensets(st.sampled_from(Notify)),
        is_full=st.booleans(),
        envelope_id=st.none() | TEXT,
    ),
    notes=st.lists(st.builds(Note, code=st.sampled_from(NoteCode), detail=TEXT), max_size=3).map(tuple),
    changed_at=st.none() | INSTANTS,
    held_at=st.none() | INSTANTS,
)


@given(INSTANTS)
def test_an_instant_keeps_its_microseconds(at: datetime) -> None:
    assert instant_of(instant_number(at)) == at
    assert minute_number(at) == instant_number(at) // 60_000_000


@given(VERDICTS)
def test_a_verdict_is_read_as_it_was_written(verdict: Verdict) -> None:
    assert parse_verdict(format_verdict(verdict)) == verdict


@given(MESSAGES)
def test_a_message_is_read_as_it_was_written(message: QueuedMessage) -> None:
    rows = [recipient_row(7, position, recipient) for position, recipient in enumerate(message.recipients)]

    assert message_of(message_row(7, message), [recipient_of(row) for row in rows]) == message


@pytest.mark.parametrize(
    ("numbers", "key"),
    [
        ((1, 2, 3, 4), (1, 2, 3, 4)),
        ((2**63 - 1, 2**63, 2**64 - 1, 0), (2**63 - 1, -(2**63), -1, 0)),
    ],
)
def test_large_numbers_of_file_systems_fit(numbers: tuple[int, int, int, int], key: tuple[int, ...]) -> None:
    device, inode, ctime_ns, size_bytes = numbers
    source = SourceIdentity(device=device, inode=inode, ctime_ns=ctime_ns, size_bytes=size_bytes)

    assert ledger_key(source) == key


def test_damaged_rows_are_noticed() -> None:
    message = QueuedMessage(
        id=QueueId("x"),
        state=MessageState.QUEUED,
        sender=NullSender(),
        recipients=(),
        message_id="",
        size_bytes=0,
        received_at=instant_of(0),
        expires_at=instant_of(0),
        next_at=instant_of(0),
    )
    row = message_row(1, message)

    with pytest.raises(ValueError, match="no sender: somebody"):
        message_of((*row[:3], "somebody", *row[4:]), [])
    with pytest.raises(KeyError):
        parse_verdict('{"kind": "maybe", "reply": null}')

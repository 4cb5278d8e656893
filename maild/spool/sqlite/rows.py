"""Rows of the database and values of the queue, both ways. Pure.

What is read was written by maild; a row that cannot be read is damage, and `ValueError` or `KeyError` says so.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias, assert_never

from maild.mail.address import Mailbox
from maild.mail.note import Note, NoteCode
from maild.mail.phase import Phase
from maild.mail.reply import EnhancedCode, Reply
from maild.mail.report_wish import USUAL_WISH, Notify, ReportWish
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain, Verdict
from maild.spool.queue import (
    AccountSender,
    MessageState,
    NullSender,
    QueuedMessage,
    QueuedRecipient,
    QueueId,
    RecipientState,
    SenderChoice,
    SourceIdentity,
)

Row: TypeAlias = tuple[Any, ...]
"""What sqlite3 gives and takes; the types stop at this module."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_MINUTE: Final = timedelta(minutes=1)

MESSAGE_COLUMNS: Final = (
    "number, id, state, sender_kind, sender_local, sender_domain, message_id, size_bytes, received_at, expires_at, "
    "next_at, attempts_made, account, last_account, drop_name, changed_at, held_at, wish, notes, stream, pool"
)
_encode: Final = json.JSONEncoder(separators=(",", ":")).encode
"""`json.dumps` would make an encoder for every verdict."""

RECIPIENT_COLUMNS: Final = "number, position, local, domain, state, is_copy, verdict, verdict_at, dot_at"


# Calling the enumeration takes ten times as long.
_STATES: Final = {state.value: state for state in MessageState}
_RECIPIENT_STATES: Final = {state.value: state for state in RecipientState}


def instant_number(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def instant_of(number: int) -> datetime:
    """The instant of a number of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=number)


def minute_number(at: datetime) -> int:
    """Whole minutes since 1970."""
    return (at - _EPOCH) // _MINUTE


def message_row(number: int, message: QueuedMessage) -> Row:
    """The row of a message, in the order of `MESSAGE_COLUMNS`."""
    return (
        number,
        message.id,
        message.state.value,
        *_sender_columns(message.sender),
        message.message_id,
        message.size_bytes,
        instant_number(message.received_at),
        instant_number(message.expires_at),
        instant_number(message.next_at),
        message.attempts_made,
        message.account,
        message.last_account,
        message.drop,
        maybe_number(message.changed_at),
        maybe_number(message.held_at),
        format_wish(message.wish),
        format_notes(message.notes),
        message.stream,
        message.pool,
    )


def message_of(row: Row, recipients: Sequence[QueuedRecipient]) -> QueuedMessage:
    """The message of a row and its recipients."""
    return QueuedMessage(
        id=QueueId(row[1]),
        state=_STATES[row[2]],
        sender=_sender_of(row[3], row[4], row[5]),
        recipients=tuple(recipients),
        message_id=row[6],
        size_bytes=row[7],
        received_at=instant_of(row[8]),
        expires_at=instant_of(row[9]),
        next_at=instant_of(row[10]),
        attempts_made=row[11],
        account=row[12],
        last_account=row[13],
        drop=row[14],
        changed_at=_maybe_instant(row[15]),
        held_at=_maybe_instant(row[16]),
        wish=parse_wish(row[17]),
        notes=parse_notes(row[18]),
        stream=row[19],
        pool=row[20],
    )


def recipient_row(number: int, position: int, recipient: QueuedRecipient) -> Row:
    """The row of a recipient, in the order of `RECIPIENT_COLUMNS`."""
    return (
        number,
        position,
        recipient.mailbox.local,
        recipient.mailbox.domain,
        recipient.state.value,
        int(recipient.is_copy),
        None if recipient.verdict is None else format_verdict(recipient.verdict),
        maybe_number(recipient.verdict_at),
        maybe_number(recipient.dot_at),
    )


def recipient_of(row: Row) -> QueuedRecipient:
    """The recipient of a row."""
    return QueuedRecipient(
        mailbox=Mailbox(row[2], row[3]),
        state=_RECIPIENT_STATES[row[4]],
        is_copy=bool(row[5]),
        verdict=None if row[6] is None else parse_verdict(row[6]),
        verdict_at=_maybe_instant(row[7]),
        dot_at=_maybe_instant(row[8]),
    )


def ledger_key(source: SourceIdentity) -> Row:
    """The ledger's key of a file. Numbers of file systems are unsigned 64 bits, those of SQLite signed."""
    return (
        _signed(source.device),
        _signed(source.inode),
        _signed(source.ctime_ns),
        _signed(source.size_bytes),
    )


def format_wish(wish: ReportWish) -> str | None:
    """A wish as JSON; None for the usual one, which most messages have."""
    if wish == USUAL_WISH:
        return None
    notify = None if wish.notify is None else sorted(wish.notify)
    return json.dumps({"notify": notify, "full": wish.is_full, "id": wish.envelope_id}, separators=(",", ":"))


def parse_wish(text: str | None) -> ReportWish:
    """The wish of its JSON.

    Raises:
        ValueError, KeyError: it is none.
    """
    if text is None:
        return USUAL_WISH
    document: Mapping[str, Any] = json.loads(text)
    notify = None if document["notify"] is None else frozenset(map(Notify, document["notify"]))
    return ReportWish(notify=notify, is_full=document["full"], envelope_id=document["id"])


def format_notes(notes: tuple[Note, ...]) -> str | None:
    """Notes as JSON; None when there are none."""
    return json.dumps([[note.code.value, note.detail] for note in notes], separators=(",", ":")) if notes else None


def parse_notes(text: str | None) -> tuple[Note, ...]:
    """The notes of their JSON.

    Raises:
        ValueError: they are none.
    """
    return () if text is None else tuple(Note(code=NoteCode(code), detail=detail) for code, detail in json.loads(text))


def format_verdict(verdict: Verdict) -> str:
    """A verdict as JSON."""
    match verdict:
        case Delivered(reply=reply):
            document: dict[str, object] = {"kind": "delivered", "reply": _reply_document(reply)}
        case Deferred() | Failed():
            document = {
                "kind": "deferred" if isinstance(verdict, Deferred) else "failed",
                "fault": verdict.fault.value,
                "phase": verdict.phase.value,
                "reason": verdict.reason,
                "reply": None if verdict.reply is None else _reply_document(verdict.reply),
            }
        case Uncertain(phase=phase, reason=reason):
            document = {"kind": "uncertain", "phase": phase.value, "reason": reason}
        case _:
            assert_never(verdict)
    return _encode(document)


def parse_verdict(text: str) -> Verdict:
    """The verdict of its JSON.

    Raises:
        ValueError, KeyError: it is none.
    """
    document: Mapping[str, Any] = json.loads(text)
    kind = document["kind"]
    if kind == "delivered":
        return Delivered(reply=_reply_of(document["reply"]))
    if kind == "uncertain":
        return Uncertain(phase=Phase(document["phase"]), reason=document["reason"])
    reply = document["reply"]
    kinds: Mapping[str, type[Deferred | Failed]] = {"deferred": Deferred, "failed": Failed}
    return kinds[kind](
        fault=Fault(document["fault"]),
        phase=Phase(document["phase"]),
        reason=document["reason"],
        reply=None if reply is None else _reply_of(reply),
    )


def _reply_document(reply: Reply) -> dict[str, object]:
    code = reply.enhanced
    enhanced = None if code is None else [code.class_, code.subject, code.detail]
    return {"code": reply.code, "text": reply.text, "enhanced": enhanced}


def _reply_of(document: Mapping[str, Any]) -> Reply:
    code = document["enhanced"]
    enhanced = None if code is None else EnhancedCode(class_=code[0], subject=code[1], detail=code[2])
    return Reply(code=document["code"], text=document["text"], enhanced=enhanced)


def _sender_columns(sender: SenderChoice) -> Row:
    match sender:
        case AccountSender():
            return ("account", None, None)
        case NullSender():
            return ("null", None, None)
        case Mailbox(local=local, domain=domain):
            return ("mailbox", local, domain)
        case _:
            assert_never(sender)


def _sender_of(kind: str, local: str | None, domain: str | None) -> SenderChoice:
    if kind == "account":
        return AccountSender()
    if kind == "null":
        return NullSender()
    if kind != "mailbox" or local is None or domain is None:
        raise ValueError(f"no sender: {kind}")
    return Mailbox(local, domain)


def maybe_number(at: datetime | None) -> int | None:
    """The same of an instant that may be missing."""
    return None if at is None else instant_number(at)


def _maybe_instant(number: int | None) -> datetime | None:
    return None if number is None else instant_of(number)


def _signed(number: int) -> int:
    return number - 2**64 if number >= 2**63 else number

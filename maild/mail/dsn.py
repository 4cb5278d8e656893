"""Delivery status notifications: composes the message that tells a sender what became of his (RFC 3464, RFC 6522).

Pure. Three parts: prose for a person, fields for a program, and what came back. Everything in it that was said by a
stranger (addresses, servers' words, the subject) is bounded and holds no control character, so no field of ours can be
made into two. Parts with lines that no server takes, or with other octets than ASCII, are quoted-printable, but for a
whole message, which may not be encoded (RFC 2046 §5.2.1).

It is for the caller to decide whether a report is due at all, and by which reverse-path it goes.
"""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from maild.mail.address import Mailbox
from maild.mail.address_list import NamedMailbox
from maild.mail.header import Field, address_field, structured_field, text_field
from maild.mail.reply import EnhancedCode

AUTHOR_NAME: Final = "Mail Delivery System"
AUTOMATIC: Final = "auto-replied"
"""The value of Auto-Submitted in every report (RFC 3834 §5): nothing may answer it."""

MAX_WORDS: Final = 900
"""Also a single word of this length fits on a line behind the name of its field."""
MAX_SUBJECT_CHARS: Final = 150
MAX_RETURNED_BYTES: Final = 1024 * 1024
"""A larger message comes back as its header, whatever its sender wished for."""

_LONGEST_LINE: Final = 998
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,900}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class DsnRecipient:
    """What became of one recipient.

    Attributes:
        action: failed, delayed or relayed (RFC 3464 §2.3.3).
        status: the enhanced code that says why (RFC 3463).
        reason: why, as a sentence for a person.
        diagnostic: the server's words with its code; None when no server spoke.
        last_attempt: when it was last tried.
        retry_until: when it will be given up; None when nothing more is tried.
    """

    mailbox: Mailbox
    action: str
    status: EnhancedCode
    reason: str
    diagnostic: str | None = None
    last_attempt: datetime | None = None
    retry_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What comes back of the message. `is_full`: `data` is the whole message; else its header block. In wire form."""

    data: bytes = field(repr=False)
    is_full: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dsn:
    """A notification before it is written.

    Attributes:
        title: begins the subject.
        prose: for a person, before the recipients are named.
        reporter: the name of this machine.
        recipients: whom it is about, at least one.
        author: the From; None: whoever sends it adds his own.
        to: who gets it.
        subject: of the message it is about, decoded.
        message_id: of the message it is about.
        envelope_id: of the message it is about (RFC 3461 §4.4).
        arrived_at: when that message came.
        returned: what comes back.
    """

    title: str
    prose: str
    reporter: str
    recipients: tuple[DsnRecipient, ...]
    author: Mailbox | None
    to: Mailbox
    subject: str
    message_id: str
    envelope_id: str | None
    arrived_at: datetime
    returned: Returned | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A message of our own, in wire form: its header block without the blank line, and its body."""

    head: bytes = field(repr=False)
    body: bytes = field(repr=False)
    message_id: str


def compose_dsn(dsn: Dsn, *, now: datetime, serial: str) -> Written:
    """The notification as a message.

    Args:
        dsn: what it says.
        now: its Date.
        serial: a word of letters and digits that no other message has; it makes the Message-ID and the boundary.
    """
    boundary = f"=_{serial}"
    parts = [_prose_part(dsn), _status_part(dsn), *_returned_part(dsn.returned)]
    body = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts) + b"--%s--\r\n" % boundary.encode()
    content = structured_field("Content-Type", f'multipart/report; report-type=delivery-status; boundary="{boundary}"')
    subject = f"{dsn.title}: {plain(dsn.subject, MAX_SUBJECT_CHARS)}" if dsn.subject else dsn.title
    fields = automatic_fields(
        author=dsn.author, to=dsn.to, subject=subject, date=now, message_id=f"<{serial}@{dsn.reporter}>"
    )
    if _MESSAGE_ID.fullmatch(dsn.message_id) is not None:
        fields = (*fields, structured_field("In-Reply-To", dsn.message_id))
        fields = (*fields, structured_field("References", dsn.message_id))
    head = b"".join(one.raw for one in (*fields, structured_field("MIME-Version", "1.0"), content))
    return Written(head=head, body=body, message_id=f"<{serial}@{dsn.reporter}>")


def automatic_fields(
    *, author: Mailbox | None, to: Mailbox, subject: str, date: datetime, message_id: str
) -> tuple[Field, ...]:
    """The fields that every message of our own has."""
    sender = () if author is None else (address_field("From", [NamedMailbox(mailbox=author, name=AUTHOR_NAME)]),)
    return (
        structured_field("Date", format_datetime(date)),
        structured_field("Message-ID", message_id),
        *sender,
        address_field("To", [NamedMailbox(mailbox=to)]),
        text_field("Subject", subject),
        structured_field("Auto-Submitted", AUTOMATIC),
    )


def plain(text: str, limit: int = MAX_WORDS) -> str:
    """The text on one line, without anything that could be taken for more than text."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(shown.split())[:limit]


def text_part(text: str, kind: str = "text/plain; charset=utf-8") -> bytes:
    """A part of lines that end in LF: as it is, or quoted-printable where a server might not take it so."""
    data = text.encode()
    return _part(kind, data.replace(b"\n", b"\r\n"))


def _part(kind: str, data: bytes) -> bytes:
    is_simple = data.isascii() and max(map(len, data.split(b"\r\n"))) <= _LONGEST_LINE
    if is_simple:
        return f"Content-Type: {kind}\r\n\r\n".encode() + data
    quoted = quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".encode() + quoted


def _prose_part(dsn: Dsn) -> bytes:
    paragraphs = [
        f"This is the mail system of {dsn.reporter}.",
        dsn.prose,
        "\n".join(_recipient_lines(dsn)),
    ]
    if dsn.returned is not None:
        what = "The message follows." if dsn.returned.is_full else "The header of the message follows."
        paragraphs.append(what)
    return text_part("\n\n".join(paragraphs) + "\n")


def _recipient_lines(dsn: Dsn) -> Iterator[str]:
    for one in dsn.recipients:
        words = plain(one.diagnostic or "")
        reason = plain(one.reason)
        said = f" ({words})" if words and words not in reason else ""
        yield f"  {plain(str(one.mailbox))}: {reason}{said}"


def _status_part(dsn: Dsn) -> bytes:
    """RFC 3464 §2.2 and §2.3; with addresses beyond ASCII in the form of RFC 6533."""
    is_global = any(not str(one.mailbox).isascii() for one in dsn.recipients)
    kind = "message/global-delivery-status" if is_global else "message/delivery-status"
    first = [f"Reporting-MTA: dns; {dsn.reporter}"]
    if dsn.envelope_id is not None:
        first.insert(0, f"Original-Envelope-Id: {plain(dsn.envelope_id)}")
    first.append(f"Arrival-Date: {format_datetime(dsn.arrived_at)}")
    groups = [first, *(list(_status_lines(one)) for one in dsn.recipients)]
    text = "\r\n\r\n".join("\r\n".join(lines) for lines in groups) + "\r\n"
    head = f"Content-Type: {kind}\r\n" + ("Content-Transfer-Encoding: 8bit\r\n" if is_global else "")
    return f"{head}\r\n{text}".encode()


def _status_lines(one: DsnRecipient) -> Iterator[str]:
    address = plain(str(one.mailbox))
    yield f"Final-Recipient: {'rfc822' if address.isascii() else 'utf-8'}; {address}"
    yield f"Action: {one.action}"
    yield f"Status: {one.status}"
    if one.diagnostic is not None:
        words = plain(one.diagnostic).encode("ascii", "replace").decode()
        yield from _folded(f"Diagnostic-Code: smtp; {words}")
    if one.last_attempt is not None:
        yield f"Last-Attempt-Date: {format_datetime(one.last_attempt)}"
    if one.retry_until is not None:
        yield f"Will-Retry-Until: {format_datetime(one.retry_until)}"


def _folded(line: str) -> Iterator[str]:
    """A long field on several lines, cut where a blank stands."""
    while len(line) > 78 and (cut := line.rfind(" ", 30, 78)) > 0:
        yield line[:cut]
        line = line[cut:]
    yield line


def _returned_part(returned: Returned | None) -> tuple[bytes, ...]:
    if returned is None:
        return ()
    if not returned.is_full:
        return (_part("text/rfc822-headers", returned.data),)
    is_eight_bit = not returned.data.isascii()
    head = "Content-Type: message/rfc822\r\n" + ("Content-Transfer-Encoding: 8bit\r\n" if is_eight_bit else "")
    return (f"{head}\r\n".encode() + returned.data,)

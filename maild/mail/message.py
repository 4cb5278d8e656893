"""A message as bytes, made fit for the queue: header and body apart, CRLF line ends, no Bcc, Date and Message-ID.

Pure. RFC 5322 (§2.1 form, §3.6 fields, §3.6.6 resent fields), RFC 5321 §2.3.8 (CR and LF only together). The body is
never parsed: MIME stays as it was written. Lines over 998 octets and octets beyond ASCII pass; what to do about them
is decided when the server's abilities are known.

What can go wrong is `MessageError`: the bytes are no message that could be sent. Its reason is a word for programs,
its text a sentence for the person who wrote the file.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from typing import Final

from maild.errors import PermanentError
from maild.mail.address import AddressError, Mailbox
from maild.mail.address_list import parse_address_list
from maild.mail.header import Field, Header, HeaderError, structured_field
from maild.mail.note import Note
from maild.mail.signature import signature_notes

MAX_HEAD_BYTES: Final = 512 * 1024
"""Room for ten thousand recipients by name. A larger header is a file that is no message, or an attack."""

MAX_RECIPIENTS: Final = 10_000
"""Exchange Online takes a thousand in a message, Gmail five hundred; more than this is a mistake."""

_MAX_MESSAGE_ID_CHARS: Final = 998

_BLANK_LINE: Final = re.compile(rb"(?>\r\n|\r|\n)(?>\r\n|\r|\n)")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_HIDDEN: Final = ("bcc", "resent-bcc")
_RECIPIENT_FIELDS: Final = ("to", "cc", "bcc")
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIELD_START: Final = re.compile(rb"[!-9;-~]+[ \t]*:")


class MessageProblem(StrEnum):
    """Why bytes are no message."""

    EMPTY = "empty"
    NUL = "nul"
    NO_HEADER = "no_header"
    HEADER_TOO_LARGE = "header_too_large"
    TOO_LARGE = "too_large"
    BAD_RECIPIENT = "bad_recipient"
    NO_RECIPIENTS = "no_recipients"
    TOO_MANY_RECIPIENTS = "too_many_recipients"


class MessageError(PermanentError):
    """The bytes are no message that could be sent."""

    def __init__(self, problem: MessageProblem, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A message taken apart.

    Attributes:
        header: its fields, line ends made CRLF.
        rest: what follows the blank line, as it was.
        has_blank_line: false when the data ended with the header: a message without a body (RFC 5322 §2.1 allows it),
            or half of one.
    """

    header: Header
    rest: bytes = field(repr=False)
    has_blank_line: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A header in its final form, ready for the queue."""

    head: bytes = field(repr=False)
    message_id: str
    notes: tuple[Note, ...] = ()


class LineEnds:
    """Makes every line end CRLF, chunk by chunk: a bare CR and a bare LF are a line end each.

    Servers disagree on bare ones, and that disagreement is how messages are smuggled behind others' backs.
    """

    def __init__(self) -> None:
        self._has_pending_cr = False
        self._ends_in_line_end = True
        self.has_bare_cr = False
        """Whether a CR stood without an LF behind it so far: no program writes that as a line end any more."""

    def feed(self, chunk: bytes) -> bytes:
        """The chunk with CRLF line ends; a CR at its very end is kept back until it is known what follows.

        Raises:
            MessageError: a NUL, which no server takes (RFC 5321 §4.1.1.4 forbids it, some truncate at it).
        """
        if b"\0" in chunk:
            raise MessageError(MessageProblem.NUL, _NUL_DETAIL)
        if self._has_pending_cr:
            chunk = b"\r" + chunk
        self._has_pending_cr = chunk.endswith(b"\r")
        if self._has_pending_cr:
            chunk = chunk[:-1]
        if not chunk:
            return b""
        self.has_bare_cr = self.has_bare_cr or (b"\r" in chunk and chunk.count(b"\r") > chunk.count(b"\r\n"))
        fixed = with_crlf(chunk)
        self._ends_in_line_end = fixed.endswith(b"\r\n")
        return fixed

    def finish(self) -> bytes:
        """What is still to be written: the last line end, where it is missing."""
        self.has_bare_cr = self.has_bare_cr or self._has_pending_cr
        if self._has_pending_cr or not self._ends_in_line_end:
            return b"\r\n"
        return b""


_NUL_DETAIL: Final = (
    "it contains a NUL octet, which no mail server takes; a text file saved as UTF-16 looks like this, "
    "and so does a file that was cut short by a crash"
)


def with_crlf(data: bytes) -> bytes:
    """The data with every bare CR and bare LF made CRLF."""
    if b"\r" not in data:
        return data.replace(b"\n", b"\r\n")
    pairs = data.count(b"\r\n")
    if pairs == data.count(b"\n") == data.count(b"\r"):
        return data
    # Three passes of the C library are several times quicker than one of a pattern.
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")


def begins_with_field(data: bytes) -> bool:
    """Whether the first line could be a header field; what a program pipes in without a header begins otherwise."""
    return _FIELD_START.match(data.removeprefix(_BYTE_ORDER_MARK)) is not None


def split_message(data: bytes) -> Split:
    """The message that `data` is, or begins with when it is longer than `MAX_HEAD_BYTES`.

    A leading byte order mark and a leading mbox line ("From someone Mon Jan …") are left away.

    Raises:
        MessageError: it has no header block, or one that is too large or holds NUL.
    """
    data = data.removeprefix(_BYTE_ORDER_MARK)
    if not data:
        raise MessageError(MessageProblem.EMPTY, "the file is empty")
    # One more than the limit, so that a blank line just behind it is still found.
    window = data[: MAX_HEAD_BYTES + 4]
    if b"\0" in window:
        raise MessageError(MessageProblem.NUL, _NUL_DETAIL)
    blank = _BLANK_LINE.search(window)
    if (len(data) if blank is None else blank.start()) > MAX_HEAD_BYTES:
        raise MessageError(
            MessageProblem.HEADER_TOO_LARGE,
            f"there is no blank line within the first {MAX_HEAD_BYTES // 1024} KiB, so the header never ends",
        )
    end = len(data) if blank is None else blank.start()
    rest = b"" if blank is None else data[blank.end() :]
    return Split(header=_parse_header(data[:end]), rest=rest, has_blank_line=blank is not None)


def recipients_of(header: Header) -> tuple[Mailbox, ...]:
    """Whom the header names: To, Cc and Bcc, or the same of the newest Resent- block when there is one.

    Raises:
        MessageError: an address cannot be read, there is none, or there are too many.
    """
    fields = _newest_resent(header) or tuple(one for one in header.fields if one.name in _RECIPIENT_FIELDS)
    found = dict.fromkeys(mailbox for one in fields for mailbox in _mailboxes_of(one))
    if not found:
        raise MessageError(
            MessageProblem.NO_RECIPIENTS, "nobody is named to receive it: To, Cc and Bcc are missing or empty"
        )
    if len(found) > MAX_RECIPIENTS:
        raise MessageError(MessageProblem.TOO_MANY_RECIPIENTS, f"it has more than {MAX_RECIPIENTS} recipients")
    return tuple(found)


def sender_domain_of(header: Header) -> str | None:
    """The domain of the first readable From address, for a Message-ID; None when there is none."""
    for one in header.all("from"):
        try:
            mailboxes = parse_address_list(one.text)
        except AddressError:
            continue
        if mailboxes:
            return mailboxes[0].mailbox.domain
    return None


def has_message_id(header: Header) -> bool:
    """Whether the header has a Message-ID already; an empty one is none."""
    return _first_value(header, "message-id") is not None


def finish_header(header: Header, *, now: datetime, message_id: str) -> Finished:
    """The header without Bcc and Resent-Bcc, with Date and Message-ID added where they are missing or empty.

    Args:
        header: as it arrived.
        now: for Date.
        message_id: with its angle brackets, for Message-ID.
    """
    finished = Header(tuple([one for one in header.fields if one.name not in _HIDDEN]))
    if _first_value(finished, "date") is None:
        finished = finished.with_replaced(structured_field("Date", _date_text(now)))
    existing = _first_value(finished, "message-id")
    if existing is None:
        finished = finished.with_replaced(structured_field("Message-ID", message_id))
    return Finished(
        head=bytes(finished),
        message_id=message_id if existing is None else _shown(existing),
        notes=signature_notes(
            header, finished, "maild takes Bcc out, and adds Date and Message-ID where they are missing"
        ),
    )


def _first_value(header: Header, name: str) -> str | None:
    """The first value of the fields of that name that is not empty."""
    for one in header.fields:
        if one.name == name and one.value:
            return one.text
    return None


def _date_text(at: datetime) -> str:
    """RFC 5322 §3.3. In UTC it is put together here: the library's way through `strftime` takes ten times as long."""
    if at.tzinfo is not UTC:
        return format_datetime(at)
    day, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
    return f"{day}, {at.day:02d} {month} {at.year:04d} {at.hour:02d}:{at.minute:02d}:{at.second:02d} +0000"


def _parse_header(head: bytes) -> Header:
    normalised = with_crlf(head)
    # "From : me" is a field all the same (obsolete syntax); "From me Mon Jan …" is a mailbox file's separator.
    if normalised.startswith(b"From ") and _FIELD_START.match(normalised) is None:
        normalised = normalised.partition(b"\r\n")[2]
    if not normalised.endswith(b"\r\n"):
        normalised += b"\r\n"
    try:
        return Header.parse(normalised)
    except HeaderError as error:
        raise MessageError(MessageProblem.NO_HEADER, f"it does not begin with a mail header: {error}") from error


def _newest_resent(header: Header) -> tuple[Field, ...]:
    """The recipient fields of the newest Resent- block. Blocks are put on top, and no field stands twice in one
    (RFC 5322 §3.6.6), so the block ends where a name comes again.
    """
    block: dict[str, Field] = {}
    for one in header.fields:
        if one.name in block:
            break
        if one.name.startswith("resent-"):
            block[one.name] = one
    return tuple(block[f"resent-{name}"] for name in _RECIPIENT_FIELDS if f"resent-{name}" in block)


def _mailboxes_of(one: Field) -> tuple[Mailbox, ...]:
    try:
        mailboxes = tuple(named.mailbox for named in parse_address_list(one.text))
    except AddressError as error:
        raise MessageError(
            MessageProblem.BAD_RECIPIENT, f"the addresses in {one.name.title()} cannot be read: {error}"
        ) from error
    if any("\ufffd" in mailbox.local for mailbox in mailboxes):
        raise MessageError(
            MessageProblem.BAD_RECIPIENT, f"an address in {one.name.title()} holds octets that are no UTF-8"
        )
    return mailboxes


def _shown(message_id: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in message_id)[:_MAX_MESSAGE_ID_CHARS]

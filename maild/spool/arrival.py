"""A message on its way into the queue: what the intake knows of it, as values. Pure.

`maild.spool.queue` re-exports all of it: whoever uses the port needs no second import.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, NewType, TypeAlias, assert_never

from maild.mail.address import Mailbox
from maild.mail.note import Note
from maild.mail.report_wish import USUAL_WISH, ReportWish

QueueId = NewType("QueueId", str)
"""26 characters of Crockford base 32: time-ordered, random, never reused, safe in file names."""


@dataclass(frozen=True, slots=True)
class AccountSender:
    """The reverse-path is the sender address of whichever account sends the message: the normal case."""


@dataclass(frozen=True, slots=True)
class NullSender:
    """The reverse-path is `<>`: a notification that must never be answered by a bounce (RFC 5321 §4.5.5)."""


NORMAL_STREAM: Final = 32
"""The first stream of usual priority (`maild.spool.stream`); of all that came before there were streams."""

SenderChoice: TypeAlias = Mailbox | AccountSender | NullSender


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineBody:
    """A body small enough to live in its row."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileBody:
    """A body in a file below spool/bodies/, fsynced before its row was committed."""

    path: Path
    size_bytes: int


Body: TypeAlias = InlineBody | FileBody
"""What follows the blank line after the header, in wire form: CRLF line ends, not dot-stuffed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceIdentity:
    """Which file a message was taken from: the ingest ledger's key. A crash between commit and unlink leaves the file
    lying there; the next scan finds it here and only unlinks it.
    """

    device: int
    inode: int
    ctime_ns: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message on its way into the queue.

    Attributes:
        head: the header block in wire form, each field ending in CRLF, without the blank line; Bcc and Resent-Bcc
            gone, Date and Message-ID there.
        drop: the drop's file name, for the receipt.
        source: for the ledger; None when the message came by another way than the drop folder.
        sidecar: the file that the envelope was read from, for the ledger too: a sidecar that a crash left behind must
            never become the envelope of a later drop of the same name.
        account: the account asked for by drop folder or sidecar; None: the routes decide at each attempt.
        idempotency_key: two messages of the same key are one; what comes later is not taken in.
        wish: what the sender wants to hear about it.
        notes: what was done to it on the way in.
        stream: whom it shares its turns with.
    """

    id: QueueId
    sender: SenderChoice
    recipients: tuple[Mailbox, ...]
    head: bytes = field(repr=False)
    body: Body
    message_id: str
    received_at: datetime
    expires_at: datetime
    not_before: datetime | None = None
    account: str | None = None
    drop: str | None = None
    source: SourceIdentity | None = None
    sidecar: SourceIdentity | None = None
    idempotency_key: str | None = None
    wish: ReportWish = USUAL_WISH
    notes: tuple[Note, ...] = ()
    stream: int = NORMAL_STREAM

    @property
    def size_bytes(self) -> int:
        """Of the message in wire form: header, blank line, body."""
        match self.body:
            case InlineBody(data=data):
                body_bytes = len(data)
            case FileBody(size_bytes=size_bytes):
                body_bytes = size_bytes
            case _:
                assert_never(self.body)
        return len(self.head) + 2 + body_bytes

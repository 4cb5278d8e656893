"""The queue as a port: what the rest of maild may ask of a durable queue, whatever it is made of.

The calls are few and batched, each is one transaction that is durable when the call returns, and each takes `now`:
nothing here reads a clock. Nobody outside `spool/` knows that today's queue is SQLite.

States of a message, and who moves it:

    accept --> QUEUED --lease--> SENDING --record--> QUEUED (something is still waiting)
                 ^ |                 |                 or SENT / FAILED (every recipient is final)
         release | | hold            | crash: recover() --> QUEUED, or UNCERTAIN recipients where the dot was marked
                 | v
                HELD

A message in SENT, FAILED or DELETED has no body any more; its row is history and is purged after a while.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NewType, Protocol, TypeAlias, assert_never

from maild.errors import TemporaryError
from maild.mail.address import Mailbox
from maild.mail.verdict import Verdict

QueueId = NewType("QueueId", str)
"""26 characters of Crockford base 32: time-ordered, random, never reused, safe in file names."""


class QueueError(TemporaryError):
    """The queue's storage cannot do it now: disk full, read-only, broken, locked for too long. Nothing was changed."""


class MessageState(StrEnum):
    """Where a message stands; see the picture above."""

    QUEUED = "queued"
    SENDING = "sending"
    HELD = "held"
    SENT = "sent"
    FAILED = "failed"
    DELETED = "deleted"

    @property
    def is_history(self) -> bool:
        """Whether nothing can happen to the message any more."""
        return self in (MessageState.SENT, MessageState.FAILED, MessageState.DELETED)


class RecipientState(StrEnum):
    """Where one recipient of a message stands. DELIVERED and FAILED are final."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class AccountSender:
    """The reverse-path is the sender address of whichever account sends the message: the normal case."""


@dataclass(frozen=True, slots=True)
class NullSender:
    """The reverse-path is `<>`: a notification that must never be answered by a bounce (RFC 5321 §4.5.5)."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedRecipient:
    """One recipient and the last verdict on it."""

    mailbox: Mailbox
    state: RecipientState = RecipientState.WAITING
    is_copy: bool = False
    """Added because of the account's `copy_to`; it is in no header."""
    verdict: Verdict | None = None
    verdict_at: datetime | None = None
    dot_at: datetime | None = None
    """When the end of the message was about to be sent for this recipient; a verdict takes the mark away."""

    @property
    def is_final(self) -> bool:
        """Whether nothing more will be tried for this recipient."""
        return self.state in (RecipientState.DELIVERED, RecipientState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMessage:
    """What the queue knows of a message, without its content."""

    id: QueueId
    state: MessageState
    sender: SenderChoice
    recipients: tuple[QueuedRecipient, ...]
    message_id: str
    size_bytes: int
    received_at: datetime
    expires_at: datetime
    next_at: datetime
    """When it may be tried next; meaningful in QUEUED only."""
    attempts_made: int = 0
    """Attempts that were charged: those that failed by the message's or a recipient's fault."""
    account: str | None = None
    """The account asked for on arrival."""
    last_account: str | None = None
    """The account of the last attempt."""
    drop: str | None = None
    changed_at: datetime | None = None
    """When state or verdicts changed last; None: not since it was received."""
    held_at: datetime | None = None
    """Since when it is HELD."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The little that the schedule keeps in memory of a queued message."""

    id: QueueId
    next_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """A message with its content, taken out for one attempt."""

    message: QueuedMessage
    head: bytes = field(repr=False)
    body: Body


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """What is to be written down after (a part of) an attempt.

    Attributes:
        verdicts: of the recipients that were tried; Deferred leaves a recipient waiting. A final recipient keeps the
            verdict it has; a recipient whose dot was marked and who has no verdict here becomes uncertain as soon as
            `next_state` is not SENDING.
        next_state: what the message becomes; SENDING while other parts of the attempt are still under way.
        next_at: for QUEUED.
        is_charged: whether the attempt counts against the message.
    """

    id: QueueId
    account: str | None
    verdicts: Mapping[Mailbox, Verdict]
    next_state: MessageState
    next_at: datetime
    finished_at: datetime
    is_charged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which messages a command means; everything given must hold.

    Attributes:
        ids: these; history included unless `states` says otherwise.
        states: in one of these; None without `ids`: all that are not history.
        account: the account of the last attempt, or the one asked for where there was none yet.
        sender: a shell glob on the lower-case address; `<>` is the null sender; the account's own sender never matches.
        recipient: a shell glob on the lower-case address of one recipient.
        limit: the oldest so many.
    """

    ids: tuple[QueueId, ...] | None = None
    states: tuple[MessageState, ...] | None = None
    account: str | None = None
    sender: str | None = None
    recipient: str | None = None
    limit: int | None = None


class Queue(Protocol):
    """A durable queue. Every method raises `QueueError` when the storage fails; nothing was changed then."""

    async def accept(self, arrivals: Sequence[Arrival]) -> tuple[QueueId, ...]:
        """Take messages in, all or none. Where the ledger knows a source already, the id it had then comes back and
        nothing is added.
        """
        ...

    async def is_taken(self, source: SourceIdentity) -> QueueId | None:
        """The id under which this very file was taken in before, if it was."""
        ...

    async def recover(self, *, now: datetime) -> tuple[QueuedMessage, ...]:
        """Put back what a crash left in SENDING: QUEUED, at the `next_at` that the lease had moved forward; recipients
        whose dot was marked become UNCERTAIN. Leftovers of bodies go away. Returns the messages concerned. For the one
        process that sends, before it leases anything.
        """
        ...

    async def waiting(self) -> tuple[Waiting, ...]:
        """Everything QUEUED, for the schedule at start-up; oldest `next_at` first."""
        ...

    async def changed(self) -> tuple[QueuedMessage, ...]:
        """What other processes (`maild queue …`) changed since the last call; cheap when nothing was."""
        ...

    async def lease(self, ids: Sequence[QueueId], *, now: datetime, next_at: datetime) -> tuple[Leased, ...]:
        """Take messages out for an attempt: QUEUED becomes SENDING and `next_at` is moved forward first, so that a
        crash loop cannot hammer a provider. Those no longer QUEUED are left out of the answer.
        """
        ...

    async def add_copy(self, id_: QueueId, mailbox: Mailbox) -> None:
        """Add the `copy_to` recipient; does nothing when that mailbox is a recipient already or the message history."""
        ...

    async def mark_dot(self, id_: QueueId, recipients: Sequence[Mailbox], *, now: datetime) -> None:
        """Write down that the end of the message is about to be sent for these recipients."""
        ...

    async def record(self, records: Sequence[AttemptRecord]) -> tuple[QueuedMessage, ...]:
        """Write verdicts and the next state; returns the messages as they are now. Bodies of messages that became
        final are removed, those that FAILED only after `spool/failed/` has them.
        """
        ...

    async def show(self, id_: QueueId) -> Leased | None:
        """A message with its content, without changing anything; content is empty for history."""
        ...

    async def select(self, wanted: QueueFilter) -> tuple[QueuedMessage, ...]:
        """The messages that match, oldest first."""
        ...

    async def hold(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        """QUEUED becomes HELD; returns those that changed."""
        ...

    async def release(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        """HELD becomes QUEUED for now; its uncertain recipients wait again. The time it was held is added to its
        expiry. Returns those that changed.
        """
        ...

    async def retry(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        """QUEUED messages may be tried now; returns those that changed."""
        ...

    async def delete(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        """QUEUED or HELD becomes DELETED; returns those that changed."""
        ...

    async def counts(self) -> Mapping[MessageState, int]:
        """How many messages stand in each state that is not history."""
        ...

    async def sent_since(self, since: datetime) -> Mapping[str, int]:
        """Recipients delivered per account since then, for the rolling day's budget; whole minutes, the begun one
        counted in.
        """
        ...

    async def purge(self, *, before: datetime) -> int:
        """Forget history and ledger entries older than this; returns how many messages."""
        ...

    async def close(self) -> None:
        """Finish what is under way and let go of the storage."""
        ...

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
from typing import Protocol

from maild.errors import TemporaryError
from maild.mail.address import Mailbox
from maild.mail.verdict import Verdict
from maild.spool.arrival import (
    AccountSender,
    Arrival,
    Body,
    FileBody,
    InlineBody,
    NullSender,
    QueueId,
    SenderChoice,
    SourceIdentity,
)

__all__ = [
    "AccountSender",
    "Arrival",
    "AttemptRecord",
    "Body",
    "FileBody",
    "InlineBody",
    "Leased",
    "MessageState",
    "NullSender",
    "Queue",
    "QueueError",
    "QueueFilter",
    "QueueId",
    "QueuedMessage",
    "QueuedRecipient",
    "RecipientState",
    "SenderChoice",
    "SourceIdentity",
    "Waiting",
]


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

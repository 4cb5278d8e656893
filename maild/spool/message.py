"""A message in the queue, as values: its states, its recipients, what is written down after an attempt. Pure.

`maild.spool.queue` re-exports all of it, and has the picture of the states.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from maild.mail.address import Mailbox
from maild.mail.note import Note
from maild.mail.report_wish import USUAL_WISH, ReportWish
from maild.mail.verdict import Verdict
from maild.spool.arrival import NORMAL_STREAM, Body, QueueId, SenderChoice


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
        return self in _HISTORY


_HISTORY: Final = frozenset({MessageState.SENT, MessageState.FAILED, MessageState.DELETED})


class RecipientState(StrEnum):
    """Where one recipient of a message stands. DELIVERED and FAILED are final."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


_FINAL: Final = frozenset({RecipientState.DELIVERED, RecipientState.FAILED})


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
        return self.state in _FINAL


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
    wish: ReportWish = USUAL_WISH
    """What its sender wants to hear about it."""
    notes: tuple[Note, ...] = ()
    """What was done to it that its writer should know of."""
    stream: int = NORMAL_STREAM
    """Whom it shares its turns with (`maild.spool.stream`)."""
    pool: str = ""
    """What it waits for in QUEUED: its time, where this is empty; else for something that has this name, whatever
    `next_at` says. Names are given by who sends; an account's own name is the pool of what asks for that account."""

    @property
    def way(self) -> str | None:
        """The account that it waits for, else went by last, else asks for; None where that is for the routes to say."""
        waited_for = self.pool.partition("/")[0] if self.state is MessageState.QUEUED else ""
        return waited_for or self.last_account or self.account


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The little that is kept in memory of a queued message."""

    id: QueueId
    next_at: datetime
    stream: int = NORMAL_STREAM
    pool: str = ""

    @classmethod
    def of(cls, message: QueuedMessage) -> "Waiting":
        """Of this message."""
        return cls(id=message.id, next_at=message.next_at, stream=message.stream, pool=message.pool)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Some of the messages of one pool and stream, soonest first: at most `limit` behind `after`, None: from the first.

    `after` is a message's time and id.
    """

    pool: str
    stream: int
    after: tuple[datetime, QueueId] | None
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """How many messages are QUEUED: by pool and stream, and those that wait for their time by their last account."""

    pools: Mapping[tuple[str, int], int]
    deferred: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """A message with its content, taken out for one attempt."""

    message: QueuedMessage
    head: bytes = field(repr=False)
    body: Body
    stood_still: timedelta = timedelta(0)
    """How long it had waited for something else than its time when it was taken out."""


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
        notes: what the account did to it on the way out.
        expires_at: its expiry from now on, where that has changed; None: as it was.
        pool: for QUEUED.
    """

    id: QueueId
    account: str | None
    verdicts: Mapping[Mailbox, Verdict]
    next_state: MessageState
    next_at: datetime
    finished_at: datetime
    is_charged: bool
    notes: tuple[Note, ...] = ()
    expires_at: datetime | None = None
    pool: str = ""

"""What delivery tells observers. Told after the outcome is on disk, never before. Holds no address but recipients."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from maild.mail.address import Mailbox
from maild.mail.note import Note
from maild.mail.phase import Phase
from maild.mail.verdict import Verdict
from maild.net.step import Reason
from maild.spool.queue import MessageState, Occasion, QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFinished:
    """One try to send a message through one account ended; the verdicts are in the queue already."""

    id: QueueId
    account: str
    generation: int
    verdicts: Mapping[Mailbox, Verdict]
    state: MessageState
    seconds: float
    waited_seconds: float
    """From arrival in the queue to the end of this attempt."""
    next_at: datetime | None
    finished_at: datetime
    notes: tuple[Note, ...] = ()
    """What was done to the message on its way out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLost:
    """Maild was stopped or killed between the end of a message and the server's answer: it may have been delivered or
    not. `account` is the one it is known to go by, None where that is not known.
    """

    id: QueueId
    account: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageUnroutable:
    """No account could be found for a message; it waits until the configuration has one."""

    id: QueueId
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageExpired:
    """A message reached its lifetime and failed."""

    id: QueueId
    account: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerOpened:
    """The account cannot work now; its messages wait and are not charged."""

    account: str
    phase: Phase
    reason: Reason
    detail: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerClosed:
    """The account works again."""

    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened:
    """A session with the account's server is there: `seconds` from look-up to login."""

    account: str
    seconds: float


class ReportWay(StrEnum):
    """How somebody was told about a message."""

    MAIL = "mail"
    MAILDIR = "maildir"
    MAIL_DIGEST = "mail_digest"
    MAILDIR_DIGEST = "maildir_digest"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMade:
    """Somebody was told about a message, or with the way NONE nobody, and `detail` says why."""

    id: QueueId
    occasion: Occasion
    way: ReportWay
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueTrouble:
    """The queue's storage failed; nothing was lost, delivery waits and tries again."""

    detail: str


DeliveryEvent: TypeAlias = (
    AttemptFinished
    | AnswerLost
    | MessageUnroutable
    | MessageExpired
    | BreakerOpened
    | BreakerClosed
    | SessionOpened
    | QueueTrouble
    | ReportMade
)

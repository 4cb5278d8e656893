"""What the spool tells observers. Told after the outcome is on disk, never before."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from maild.mail.note import Note
from maild.spool.queue import QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTaken:
    """A drop became a message of the queue."""

    drop: str
    id: QueueId
    size_bytes: int
    recipient_count: int
    taken_at: datetime
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DropRepeated:
    """A drop came again under the idempotency key of a message, and was not taken in.

    Attributes:
        id: of the message that has the key.
        of: the drop that became that message; None: it was none, or is forgotten.
    """

    drop: str
    id: QueueId
    of: str | None
    repeated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DropRejected:
    """A drop is no message and was moved to spool/rejected/, untouched; `reason` is a word, `detail` a sentence."""

    drop: str
    reason: str
    detail: str
    rejected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DropUnreadable:
    """A drop may not be read; it is left where it is and tried again. Sent once a file."""

    drop: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCrowded:
    """A user of this machine has dropped as much as he may in an hour; the rest waits. Sent once an hour and user.

    Attributes:
        user: the number of the user, as `id -u` prints it.
        drop: the first that waits.
        until: when the next of his drops may be taken in.
    """

    user: int
    drop: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakePaused:
    """Nothing is taken in for now: the drop folder is the back-pressure. Sent once when it begins."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeResumed:
    """Taking in goes on."""


SpoolEvent: TypeAlias = (
    DropTaken | DropRepeated | DropRejected | DropUnreadable | UserCrowded | IntakePaused | IntakeResumed
)

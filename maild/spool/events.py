"""What the spool tells observers. Told after the outcome is on disk, never before."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from maild.spool.queue import QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTaken:
    """A drop became a message of the queue."""

    drop: str
    id: QueueId
    size_bytes: int
    recipient_count: int
    taken_at: datetime


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
class IntakePaused:
    """Nothing is taken in for now: the drop folder is the back-pressure. Sent once when it begins."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeResumed:
    """Taking in goes on."""


SpoolEvent: TypeAlias = DropTaken | DropRejected | DropUnreadable | IntakePaused | IntakeResumed

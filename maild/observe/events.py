"""Everything that may be told to observers, in one union, and the daemon's own events. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from maild.delivery.events import DeliveryEvent
from maild.diagnostics import Diagnostic
from maild.probe.events import ProbeEvent
from maild.spool.events import SpoolEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonStarted:
    """The daemon is up: configuration read, queue opened, web port bound."""

    version: str
    config: str
    spool: str
    listen: tuple[str, ...]
    accounts: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonStopping:
    """The daemon was asked to stop and finishes or gives back what is in flight."""

    reason: str
    in_flight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRejected:
    """A file has errors; its last good version stays in force, if there is one."""

    file: str
    has_last_good: bool
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAccepted:
    """A file's new content is in force from this generation on."""

    file: str
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileGone:
    """A file was removed, and what it defined with it."""

    file: str
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """A look at the configuration folder ended.

    `trigger` is start, event, rescan or signal; `is_clean` is false when some file is in force in an older version.
    """

    generation: int
    trigger: str
    has_changed: bool
    is_clean: bool
    seconds: float
    finished_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFailed:
    """A part of the daemon ended by an error that is our bug; the daemon stops and its supervisor starts it anew."""

    task: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRebuilt:
    """The watches on a folder had gone blind or could not be had, and were built anew; `mode` is what they are now."""

    folder: str
    mode: str
    problem: str


DaemonEvent: TypeAlias = (
    DaemonStarted | DaemonStopping | FileRejected | FileAccepted | FileGone | Reloaded | TaskFailed | WatchRebuilt
)
Event: TypeAlias = SpoolEvent | DeliveryEvent | ProbeEvent | DaemonEvent

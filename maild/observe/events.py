"""Everything that may be told to observers, in one union, and the daemon's own events. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from maild.delivery.events import DeliveryEvent
from maild.diagnostics import Diagnostic
from maild.net.oauth.events import TokenEvent
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
class FileHeld:
    """A changed account is tried before it is used; its last good version stays in force meanwhile, if there is one."""

    file: str
    has_last_good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryRan:
    """A try of an account that is held back ended: it passed or failed, nothing could be told of it (untold), or that
    was so often enough for it to be used unproven (waived).
    """

    file: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """A look at the configuration folder ended.

    `trigger` is start, event, rescan, signal, request or canary; `is_clean` is false when some file is in force in an
    older version. `validate_seconds` is what parsing and judging took of it, when something had changed. `problem` is
    why the folder itself could not be read; empty when it could.
    """

    generation: int
    trigger: str
    has_changed: bool
    is_clean: bool
    seconds: float
    finished_at: datetime
    validate_seconds: float = 0.0
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartPending:
    """Settings were changed that take effect at the next start only; the rest of the edit is in force."""

    settings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesMissed:
    """A rescan found so many changed files that no event had told of."""

    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOverflowed:
    """The kernel dropped events about a folder, because they came faster than they were read."""

    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialsChanged:
    """The contents of files changed that accounts log in with: a password's, a certificate authority's. `on_trial` are
    the accounts of which a version uses such a file that is held back.
    """

    accounts: tuple[str, ...]
    on_trial: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LastGoodUnkept:
    """The accepted versions of files cannot be written down or read, so a restart could not fall back on them."""

    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFailed:
    """A part of the daemon ended by an error that is our bug; the daemon stops and its supervisor starts it anew."""

    task: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolDoubtful:
    """Mail cannot be kept safely in the spool; `code` is that of the live finding, for `maild explain`."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRebuilt:
    """The watches on a folder had gone blind or could not be had, and were built anew; `mode` is what they are now."""

    folder: str
    mode: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebFileTaken:
    """A changed `web.config_file`, or a certificate that it names, is in force."""

    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebFileRefused:
    """A changed `web.config_file` cannot be used; what it said before stays in force."""

    file: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageActed:
    """Somebody did, or tried to do, something on the page; `id` is the message's, empty for a reload."""

    deed: str
    id: str
    is_done: bool
    detail: str


ConfigEvent: TypeAlias = (
    FileRejected
    | FileAccepted
    | FileGone
    | FileHeld
    | CanaryRan
    | Reloaded
    | RestartPending
    | ChangesMissed
    | WatchOverflowed
    | WatchRebuilt
    | CredentialsChanged
    | LastGoodUnkept
)
WebEvent: TypeAlias = WebFileTaken | WebFileRefused | PageActed
DaemonEvent: TypeAlias = DaemonStarted | DaemonStopping | TaskFailed | SpoolDoubtful | WebEvent | ConfigEvent
Event: TypeAlias = SpoolEvent | DeliveryEvent | ProbeEvent | TokenEvent | DaemonEvent

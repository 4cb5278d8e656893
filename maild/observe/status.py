"""What the daemon is doing now, as one frozen value: the status page, `maild status` and the gauges are made of it.

Pure. Holds no mail address and no secret of its own; free text (a server's words, a diagnostic's message) may quote an
address and goes through the veil on its way out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol

from maild.diagnostics import Diagnostic, Severity
from maild.probe.result import ProbeResult
from maild.spool.allowance import Allowance
from maild.spool.queue import MessageState

START_SETTINGS: Final = ("spool.path", "spool.queue", "web.listen", "web.config_file")
"""The settings that take effect at a start only."""


class FileStanding(StrEnum):
    """ACCEPTED: what is on disk is in force. LAST_GOOD: an older version is. REJECTED: nothing of it is."""

    ACCEPTED = "accepted"
    LAST_GOOD = "last_good"
    REJECTED = "rejected"


class CanaryState(StrEnum):
    """RUNNING: no try of the changed account has said yes or no yet. FAILED: the last one that said either said no."""

    RUNNING = "running"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryStatus:
    """A changed account that is held back: tries that ended, those of them that could tell nothing, and when the next
    one is; None: it is under way.
    """

    tries: int
    untold: int
    next_at: datetime | None
    state: CanaryState = CanaryState.RUNNING


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStatus:
    """One configuration file: how it stands, since when, and the generation whose version of it is in force; 0 when
    that was accepted by an earlier run. `good_at` is when the version in force was accepted, `commit` the one that it
    is from, `is_dirty` whether it differs from what that holds (None: it cannot be told), `canary` how far the try of
    what is on disk is, when it is held back for one.
    """

    file: str
    standing: FileStanding
    since: datetime
    generation: int | None
    diagnostics: tuple[Diagnostic, ...] = ()
    good_at: datetime | None = None
    commit: str | None = None
    is_dirty: bool | None = None
    canary: CanaryStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigStatus:
    """The generation in force.

    Attributes:
        folder: where it was read from.
        last_success_at: when a look at the folder last found every file acceptable; None: never.
        problem: why the folder itself cannot be read; its files stay in force as they are.
        watch: how changes are noticed between rescans: events, polling or none.
        watch_problem: why not by events.
        digest: names the contents of all files on disk.
        commit: what is checked out where they lie; None: they lie in no git work tree.
        is_dirty: whether the folder has what is not committed; None: it cannot be told.
        pending_restart: settings that changed on disk and take effect at the next start only.
    """

    folder: str
    generation: int
    loaded_at: datetime
    is_clean: bool
    last_success_at: datetime | None
    files: tuple[FileStatus, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    problem: str = ""
    watch: str = "none"
    watch_problem: str = ""
    watch_rebuilds: int = 0
    pending_restart: tuple[str, ...] = ()
    digest: str = ""
    commit: str | None = None
    is_dirty: bool | None = None

    def count_files(self, standing: FileStanding) -> int:
        """How many files stand like this."""
        return sum(1 for file in self.files if file.standing is standing)

    def count_canaries(self, state: CanaryState) -> int:
        """How many files are held back in this state."""
        return sum(1 for file in self.files if file.canary is not None and file.canary.state is state)

    def count_findings(self, severity: Severity) -> int:
        """How many diagnostics have this severity."""
        return sum(1 for diagnostic in self.diagnostics if diagnostic.severity is severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class OldestMessage:
    """The message that has waited longest: the account it last went by or asks for, what came of its last attempt, and
    when it may be tried next; None: it is being sent.
    """

    id: str
    received_at: datetime
    account: str | None
    detail: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolStatus:
    """The spool. `problem` says why nothing is known about the queue; `paused` why no drops are taken in; `uncertain`
    messages may have been delivered, since their answer was lost. `free_bytes` is what its disk has left for maild;
    None: that cannot be told.
    """

    folder: str
    messages: Mapping[MessageState, int] = field(default_factory=lambda: MappingProxyType({}))
    uncertain: int = 0
    oldest: OldestMessage | None = None
    problem: str = ""
    paused: str = ""
    free_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerStatus:
    """An open breaker: the account cannot work now, why, and until when nothing is tried; None: until it is mended."""

    phase: str
    reason: str
    detail: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetStatus:
    """What the account may still send. `used_up` says what of it is used up, and its messages wait until `until`;
    `day_left` are recipients, None without a limit; `lowered` is what the provider turned out to allow.
    """

    used_up: str = ""
    until: datetime | None = None
    day_left: int | None = None
    lowered: tuple[Allowance, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatus:
    """One account in force. `server` is host:port or the URL's host, `probe` the last run, `breaker` the open one;
    `has_tokens`: it logs in with access tokens.
    """

    name: str
    protocol: str
    server: str
    breaker: BreakerStatus | None = None
    budget: BudgetStatus = BudgetStatus()
    in_flight: int = 0
    sessions: int = 0
    waiting: int = 0
    probe: ProbeResult | None = None
    login_suspended: str | None = None
    is_enabled: bool = True
    has_tokens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing that must hold; the detail says what it is like now, in a phrase."""

    name: str
    is_met: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`alive`: a restart would help if one of these fails. `ready`: the daemon does its work."""

    alive: tuple[Condition, ...]
    ready: tuple[Condition, ...]

    @property
    def is_healthy(self) -> bool:
        """Whether every condition of being alive holds."""
        return all(condition.is_met for condition in self.alive)

    @property
    def is_ready(self) -> bool:
        """Whether every condition holds."""
        return self.is_healthy and all(condition.is_met for condition in self.ready)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything at one moment. `probe_interval_s` is the configured one, for staleness rules; `web_problem` says why a
    changed `web.config_file` is not in force.
    """

    version: str
    pid: int
    started_at: datetime
    at: datetime
    listen: tuple[str, ...]
    config: ConfigStatus
    spool: SpoolStatus
    accounts: tuple[AccountStatus, ...]
    health: Health
    probe_interval_s: float
    web_problem: str = ""


class StatusSource(Protocol):
    """Where the web app asks; both calls raise nothing, and are quick where git is not asked."""

    async def status(self, *, asks_git: bool) -> Status:
        """Everything; asks the queue's storage, whose failure is a `problem` in the answer.

        Args:
            asks_git: whether `git` may be run to tell what is not committed, which can take seconds; else
                `config.is_dirty` is None.
        """
        ...

    def health(self) -> Health:
        """Health alone, without asking anything that could be slow."""
        ...

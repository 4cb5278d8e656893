"""A generation: the configuration in force, whole and immutable, with how each of its files came into it. Pure.

The one mutable reference of the running program points to one of these. Whoever works with one keeps it until he is
done; nothing in it ever changes. With ten thousand accounts a property that goes through all files takes milliseconds;
what is asked for on the way of a reload is therefore kept, not computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Final, TypeAlias

from maild.config.folder import SITE_NAMES
from maild.config.load import LoadedAccount, LoadedSite
from maild.config.model import Account, Site
from maild.daemon.assessment import Assessment, Loaded
from maild.daemon.canary import Candidate, Failing, Held, Untried
from maild.daemon.conflict import restart_needed
from maild.diagnostics import Diagnostic, Report
from maild.observe.status import START_SETTINGS
from maild.watch.snapshot import Snapshot

EARLIER: Final = 0
"""Stands for the generations of earlier runs; the first of this run has the number 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What is on disk is in force.

    Attributes:
        content: names what is on disk (its hash), for finding out whether it changed.
        since: when the file came to stand like this.
        generation: the one that the version in force came with; 0: it was accepted by an earlier run.
        loaded: the version in force.
        good_at: when that version was accepted.
        commit: what was checked out in git then; None: nothing, or it is not known any more.
    """

    content: str
    since: datetime
    generation: int
    loaded: Loaded
    commit: str | None = None

    @property
    def good_at(self) -> datetime:
        """When the version in force was accepted."""
        return self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class LastGood:
    """What is on disk is rejected; `loaded`, the newest version that was accepted, is in force instead."""

    content: str
    since: datetime
    generation: int
    loaded: Loaded
    good_at: datetime
    commit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """What is on disk is rejected and there never was anything better: nothing of it is in force."""

    content: str
    since: datetime


FileState: TypeAlias = Accepted | LastGood | Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """The configuration in force.

    Attributes:
        number: counts up by one with each that comes into force.
        folder: where it was read from.
        accounts_folder: what relative paths in account files count from.
        loaded_at: when it was made.
        snapshot: what was on disk.
        files: every configuration file by its name, in order, and how it stands.
        assessment: what is on disk, parsed and judged.
        remarks: what is wrong with a file apart from its contents: it cannot be read, another one means the same.
        site: the daemon's own settings in force; the defaults where there is no maild.yaml.
        accounts: the accounts in force, by name.
        touched: the files that may stand otherwise than in the generation before; at the first all of them.
        news: the accounts that are new, changed or gone since the generation before; at the first all of them.
        started_with: the settings that take effect at a start only, as they were at the start.
        unaccepted: the files whose content on disk is not in force.
        troubled: the files in which something is an error.
        disabled: the accounts in force that are switched off.
        enabled: those that are not, by name; of the others nothing but their files is looked at.
        trials: the files whose content is held back until the canary has tried it, and how that stands.
    """

    number: int
    folder: Path
    accounts_folder: Path
    loaded_at: datetime
    files: Mapping[str, FileState]
    snapshot: Snapshot = field(repr=False)
    assessment: Assessment = field(repr=False)
    remarks: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=lambda: MappingProxyType({}))
    site: Site = field(default_factory=Site)
    accounts: Mapping[str, Account] = field(default_factory=lambda: MappingProxyType({}))
    touched: frozenset[str] = frozenset()
    news: frozenset[str] = frozenset()
    started_with: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    unaccepted: frozenset[str] = frozenset()
    troubled: frozenset[str] = frozenset()
    disabled: frozenset[str] = frozenset()
    enabled: Mapping[str, Account] = field(default_factory=lambda: MappingProxyType({}))
    trials: Mapping[str, Held] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_clean(self) -> bool:
        """Whether everything on disk is in force and nothing in it is an error."""
        return not self.unaccepted and not self.troubled

    @property
    def is_trying(self) -> bool:
        """Whether a changed account is held back of which no try has said yes or no."""
        return any(isinstance(held, Untried) for held in self.trials.values())

    @property
    def candidates(self) -> Mapping[str, Candidate]:
        """What is held back, by file."""
        return {file: self._candidate(file, held) for file, held in self.trials.items()}

    @property
    def rejected_site(self) -> str | None:
        """The name of a maild.yaml that is rejected and has no last good version, if there is one."""
        rejected = (name for name in self.unaccepted if isinstance(self.files[name], Rejected))
        return next((name for name in rejected if PurePath(name).name in SITE_NAMES), None)

    @property
    def pending_restart(self) -> tuple[str, ...]:
        """The settings that are another than at the start and wait for the next one."""
        now = start_settings(self.site)
        return tuple(key for key, value in self.started_with.items() if now[key] != value)

    @property
    def report(self) -> Report:
        """Everything that is wrong with the files on disk, and their texts."""
        found = (diagnostic for name in self.files for diagnostic in self.diagnostics_of(name))
        judged = self.assessment.judged
        sources = {name: judged[name].source for name in self.files if name in judged}
        return Report.of(found, sources=sources, files_checked=len(self.files))

    @property
    def digest(self) -> str:
        """Names the contents of all files on disk: the same as long as nothing in any of them changes."""
        whole = blake2b(digest_size=16)
        for name, state in self.files.items():
            whole.update(f"{name}\0{state.content}\0".encode())
        return whole.hexdigest()

    def diagnostics_of(self, file: str) -> tuple[Diagnostic, ...]:
        """What is wrong with one file."""
        judged = self.assessment.judged.get(file)
        found = judged.diagnostics if judged is not None else ()
        remarks = (*self.remarks.get(file, ()), *self._restart_remarks(file), *self._canary_remarks(file))
        return found if not remarks else Report.of((*found, *remarks)).diagnostics

    def _candidate(self, file: str, held: Held) -> Candidate:
        loaded = self.assessment.parsed[file]
        assert isinstance(loaded, LoadedAccount)
        assert loaded.account is not None
        is_last_good = isinstance(self.files[file], LastGood)
        return Candidate(content=held.content, loaded=loaded, account=loaded.account, has_last_good=is_last_good)

    def _canary_remarks(self, file: str) -> tuple[Diagnostic, ...]:
        held = self.trials.get(file)
        return (held.finding,) if isinstance(held, Failing) else ()

    def _restart_remarks(self, file: str) -> tuple[Diagnostic, ...]:
        match self.files.get(file):
            case Accepted(loaded=LoadedSite(document=document)):
                return tuple(restart_needed(file, document, key) for key in self.pending_restart)
            case LastGood(loaded=LoadedSite()):
                # Its positions are those of a text that is not on disk any more.
                return tuple(restart_needed(file, None, key) for key in self.pending_restart)
            case _:
                return ()


def start_settings(site: Site) -> Mapping[str, object]:
    """The settings that take effect at a start only, by key."""
    return MappingProxyType(
        dict(zip(START_SETTINGS, (site.spool, site.queue, site.web.listen, site.web.config_file), strict=True))
    )

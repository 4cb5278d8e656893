"""A generation: the configuration in force, whole and immutable, with how each of its files came into it. Pure.

The one mutable reference of the running program points to one of these. Whoever works with one keeps it until he is
done; nothing in it ever changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import TypeAlias

from maild.config.folder import SITE_NAMES
from maild.config.load import LoadedAccount, LoadedSite
from maild.config.model import Account, Site
from maild.diagnostics import Diagnostic, Report, Severity

Loaded: TypeAlias = LoadedAccount | LoadedSite


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What is on disk is in force.

    Attributes:
        content: names what is on disk (its hash), for finding out whether it changed.
        since: when the file came to stand like this.
        generation: the one that the version in force came with.
        loaded: the version in force.
    """

    content: str
    since: datetime
    generation: int
    loaded: Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class LastGood:
    """What is on disk is rejected; `loaded`, the newest version that was accepted, is in force instead."""

    content: str
    since: datetime
    generation: int
    loaded: Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """What is on disk is rejected and there never was anything better since the start: nothing of it is in force."""

    content: str
    since: datetime


FileState: TypeAlias = Accepted | LastGood | Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """The configuration in force.

    Attributes:
        number: counts from 1 since the start.
        folder: the configuration folder.
        accounts_folder: what relative paths in account files count from.
        loaded_at: when it came into force.
        files: how each file stands, by its name for people.
        report: every diagnostic of what is on disk.
        parsed: what is on disk, parsed, so that files that did not change need not be parsed again.
    """

    number: int
    folder: Path
    accounts_folder: Path
    loaded_at: datetime
    files: Mapping[str, FileState]
    report: Report
    parsed: Mapping[str, Loaded] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    @property
    def site(self) -> Site:
        """The daemon's own settings in force; the defaults where there is no maild.yaml."""
        sites = (loaded.site for loaded in self._in_force() if isinstance(loaded, LoadedSite))
        return next((site for site in sites if site is not None), Site())

    @property
    def accounts(self) -> Mapping[str, Account]:
        """The accounts in force, by name."""
        loaded = (loaded for loaded in self._in_force() if isinstance(loaded, LoadedAccount))
        return MappingProxyType({one.account.name: one.account for one in loaded if one.account is not None})

    @property
    def is_clean(self) -> bool:
        """Whether everything on disk is in force and nothing in it is an error."""
        all_accepted = all(isinstance(state, Accepted) for state in self.files.values())
        return all_accepted and not self.report.at_or_above(Severity.ERROR)

    @property
    def rejected_site(self) -> str | None:
        """The name of a maild.yaml that is rejected and has no last good version, if there is one."""
        rejected = (name for name, state in self.files.items() if isinstance(state, Rejected))
        return next((name for name in rejected if PurePath(name).name in SITE_NAMES), None)

    def diagnostics_of(self, file: str) -> tuple[Diagnostic, ...]:
        """What is wrong with one file."""
        return self.report.of_file(file)

    def _in_force(self) -> tuple[Loaded, ...]:
        return tuple(state.loaded for state in self.files.values() if not isinstance(state, Rejected))

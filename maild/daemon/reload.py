"""From a snapshot of the folder and the generation in force to the next generation. Pure.

Each file is judged by itself: a file without errors is accepted, a file with errors leaves its last good version in
force, so a slip in one account never stops another. What is wrong between files goes by age: of two files that make
the same account the one already in force stays; a name in maild.yaml that no account has keeps a new maild.yaml out,
but not when that would leave no maild.yaml at all, and never puts out one that is in force: the messages concerned wait
and lose nothing. A mistake in one of maild's own rules rejects nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final, assert_never

from maild.config.folder import ACCOUNTS_FOLDER, FileKind
from maild.config.lint import LintSettings
from maild.config.load import LoadedAccount, LoadedSite, account_name, load_account, load_site
from maild.daemon.conflict import duplicates, unreadable
from maild.daemon.generation import Accepted, FileState, Generation, LastGood, Loaded, Rejected
from maild.diagnostics import Report, Severity
from maild.observe.events import FileAccepted, FileGone, FileRejected
from maild.rules.engine import check_files
from maild.watch.snapshot import ReadFile, SeenFile, Snapshot, UnreadableFile

_NEVER_REJECTS: Final = frozenset({"ML410", "ML999"})
"""A crash of a rule is our mistake, not the file's. And what a provider announced for a day may turn out otherwise for
this customer: an account that worked yesterday is not left out for the date, its login says what is true."""

_REJECTS_NEWCOMERS: Final = frozenset({"ML216"})
"""A name without an account: whether it is maild.yaml or the accounts folder that is wrong, nobody can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a look at the folder came to: the generation to be in force, the same object when nothing changed, and what
    changed about each file.
    """

    generation: Generation
    events: tuple[FileAccepted | FileRejected | FileGone, ...] = ()


def next_generation(previous: Generation | None, snapshot: Snapshot, *, folder: Path, now: datetime) -> Turn:
    """The generation that follows, given what is on disk."""
    contents = {name: _content(seen) for name, seen in snapshot.files.items()}
    if previous is not None and contents == {name: state.content for name, state in previous.files.items()}:
        return Turn(generation=previous)
    parsed = _parse(previous, snapshot, contents)
    report = _report(previous, snapshot, parsed, now)
    number = 1 if previous is None else previous.number + 1
    judge = _Judge(previous=previous, parsed=parsed, report=report, number=number, now=now)
    files = {name: judge.state(name, content) for name, content in contents.items()}
    generation = Generation(
        number=number,
        folder=folder,
        accounts_folder=_accounts_folder(snapshot, folder),
        loaded_at=now,
        files=MappingProxyType(files),
        report=report,
        parsed=MappingProxyType(parsed),
    )
    return Turn(generation=generation, events=_events(previous, generation))


def _content(seen: SeenFile) -> str:
    match seen:
        case ReadFile(digest=digest):
            return digest.hex()
        case UnreadableFile(problem=problem):
            return problem
        case _:
            assert_never(seen)


def _parse(previous: Generation | None, snapshot: Snapshot, contents: Mapping[str, str]) -> dict[str, Loaded]:
    parsed: dict[str, Loaded] = {}
    for name, seen in snapshot.files.items():
        if not isinstance(seen, ReadFile):
            continue
        state = previous.files.get(name) if previous is not None else None
        if previous is not None and state is not None and state.content == contents[name]:
            parsed[name] = previous.parsed[name]
        elif seen.source.kind is FileKind.SITE:
            parsed[name] = load_site(name, seen.data)
        else:
            parsed[name] = load_account(name, seen.data)
    return parsed


def _report(previous: Generation | None, snapshot: Snapshot, parsed: Mapping[str, Loaded], now: datetime) -> Report:
    names = [account_name(name) for name, seen in snapshot.files.items() if seen.source.kind is FileKind.ACCOUNT]
    lint = _lint(previous, tuple(parsed.values()))
    # Whether secrets can be had is not asked here: the file is right all the same, the account's breaker and its
    # probes say so as long as it lasts, and a secret that appears later is used without any reload.
    report = check_files(tuple(parsed.values()), now=now, lint=lint, secrets=None, accounts=names)
    in_force = () if previous is None else _names_in_force(previous)
    own = (*unreadable(snapshot), *duplicates(snapshot, in_force))
    return Report.of((*report.diagnostics, *own), sources=report.sources, files_checked=len(snapshot.files))


def _lint(previous: Generation | None, parsed: Sequence[Loaded]) -> LintSettings:
    for loaded in parsed:
        if isinstance(loaded, LoadedSite) and loaded.site is not None:
            return loaded.site.lint
    return previous.site.lint if previous is not None else LintSettings()


def _names_in_force(generation: Generation) -> tuple[str, ...]:
    return tuple(name for name, state in generation.files.items() if not isinstance(state, Rejected))


def _accounts_folder(snapshot: Snapshot, folder: Path) -> Path:
    accounts = (seen.source.path for seen in snapshot.files.values() if seen.source.kind is FileKind.ACCOUNT)
    first = next(accounts, None)
    return folder / ACCOUNTS_FOLDER if first is None else first.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    """Says how a file stands now."""

    previous: Generation | None
    parsed: Mapping[str, Loaded]
    report: Report
    number: int
    now: datetime

    def state(self, name: str, content: str) -> FileState:
        before = self.previous.files.get(name) if self.previous is not None else None
        is_same = before is not None and before.content == content
        if is_same and isinstance(before, Accepted):
            # What is in force stays, whatever became of other files.
            return before
        loaded = self.parsed.get(name)
        if loaded is not None and _is_usable(loaded) and not self._is_blocked(name, before):
            return Accepted(content=content, since=self.now, generation=self.number, loaded=loaded)
        match before:
            case LastGood() | Rejected() if is_same:
                return before
            case Accepted(generation=generation, loaded=good) | LastGood(generation=generation, loaded=good):
                return LastGood(content=content, since=self.now, generation=generation, loaded=good)
            case Rejected() | None:
                return Rejected(content=content, since=self.now)
            case _:
                assert_never(before)

    def _is_blocked(self, name: str, before: FileState | None) -> bool:
        has_better = isinstance(before, Accepted | LastGood)
        harmless = _NEVER_REJECTS if has_better else _NEVER_REJECTS | _REJECTS_NEWCOMERS
        return any(
            diagnostic.severity is Severity.ERROR and diagnostic.code not in harmless
            for diagnostic in self.report.of_file(name)
        )


def _is_usable(loaded: Loaded) -> bool:
    match loaded:
        case LoadedAccount(account=account):
            return account is not None
        case LoadedSite(site=site):
            return site is not None
        case _:
            assert_never(loaded)


def _events(previous: Generation | None, generation: Generation) -> tuple[FileAccepted | FileRejected | FileGone, ...]:
    before: Mapping[str, FileState] = previous.files if previous is not None else {}
    events: list[FileAccepted | FileRejected | FileGone] = []
    for name, state in generation.files.items():
        if before.get(name) == state:
            continue
        match state:
            case Accepted():
                events.append(FileAccepted(file=name, generation=generation.number))
            case LastGood() | Rejected():
                found = generation.diagnostics_of(name)
                events.append(FileRejected(file=name, has_last_good=isinstance(state, LastGood), diagnostics=found))
            case _:
                assert_never(state)
    events += (FileGone(file=name, generation=generation.number) for name in before if name not in generation.files)
    return tuple(events)

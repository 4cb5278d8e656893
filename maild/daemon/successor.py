"""How each file stands after a look at the folder, and the generation that follows from that. Pure.

It goes only through the files that changed and those that are not in force as they are on disk: whatever else there
is, ten thousand accounts perhaps, is carried over as it was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final, assert_never

from maild.config.folder import ACCOUNTS_FOLDER, FileKind
from maild.config.load import LoadedAccount, LoadedSite, account_name
from maild.config.model import Account, Site
from maild.daemon.assessment import Assessment, Loaded, twins
from maild.daemon.canary import Failing, Held, Untried, Verdict, concerns_canary
from maild.daemon.earlier import Earlier
from maild.daemon.generation import EARLIER, Accepted, FileState, Generation, LastGood, Rejected, start_settings
from maild.diagnostics import Diagnostic, Severity
from maild.register import Register
from maild.watch.snapshot import Change, ReadFile, SeenFile, Snapshot, UnreadableFile

_NEVER_REJECTS: Final = frozenset({"ML410", "ML999"})
"""A crash of a rule is our mistake, not the file's. And what a provider announced for a day may turn out otherwise for
this customer: an account that worked yesterday is not left out for the date, its login says what is true."""

_REJECTS_NEWCOMERS: Final = frozenset({"ML216"})
"""A name without an account: whether it is maild.yaml or the accounts folder that is wrong, nobody can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What is known besides the folder.

    Attributes:
        earlier: what an earlier run accepted; asked for at the start only.
        verdicts: what the canary found since the previous generation, by file.
        has_canary: whether there is one, for settings that want it.
        commits: what is checked out in git where the files of a kind lie.
    """

    earlier: Mapping[str, Earlier] = field(default_factory=lambda: MappingProxyType({}))
    verdicts: Mapping[str, Verdict] = field(default_factory=lambda: MappingProxyType({}))
    has_canary: bool = False
    commits: Mapping[FileKind, str | None] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """The next generation in the making.

    Attributes:
        previous: the one in force, None at the first look.
        snapshot: what is on disk; `change` is how that differs from what the one in force was made of.
        assessment: the files' contents, judged.
        remarks: what is wrong with files apart from that.
        known: what is known besides.
    """

    previous: Generation | None
    snapshot: Snapshot
    change: Change
    assessment: Assessment
    remarks: Mapping[str, tuple[Diagnostic, ...]]
    known: Knowledge
    now: datetime

    @property
    def number(self) -> int:
        """Its number."""
        return 1 if self.previous is None else self.previous.number + 1

    @property
    def reviewed(self) -> tuple[str, ...]:
        """The files whose standing may be another now: what changed, what means the same, and what is not accepted.

        When nothing changed, those on which there is a verdict: each try of twenty thousand must not review all.
        """
        waiting = self.previous.unaccepted if self.previous is not None else frozenset()
        if not self.change:
            waiting &= self.known.verdicts.keys()
        alike = {twin for name in self.change.names for twin in twins(name)}
        return tuple(sorted(name for name in alike | waiting if name in self.snapshot.files))

    def generation(self, folder: Path) -> Generation:
        """It."""
        old = self.previous
        names = self.reviewed
        own = {name: self._state(name, None) for name in names if name in self.assessment.own}
        before = Register.of(old.files if old is not None else {})
        site = _site({name: own.get(name) or before[name] for name in self.assessment.own}, self.assessment.own)
        # Whether accounts are tried is for maild.yaml to say, so that one comes first.
        held = {name: trial for name in names if (trial := self._trial(name, site)) is not None}
        reviewed = {name: own.get(name) or self._state(name, held.get(name)) for name in names}
        files = before.after(reviewed, self.change.gone)
        if self.change.added:
            files = Register({name: files[name] for name in self.snapshot.files})
        unaccepted = old.unaccepted if old is not None else frozenset()
        rejected = {name for name, state in reviewed.items() if not isinstance(state, Accepted)}
        accounts, news = self._accounts(files)
        started_with = old.started_with if old is not None else start_settings(site)
        return Generation(
            number=self.number,
            folder=folder,
            accounts_folder=_accounts_folder(self.snapshot, folder),
            loaded_at=self.now,
            files=files,
            snapshot=self.snapshot,
            assessment=self.assessment,
            remarks=self.remarks,
            site=site,
            accounts=accounts,
            touched=frozenset((*self.change.names, *self.reviewed)),
            news=news,
            started_with=started_with,
            unaccepted=unaccepted.difference(reviewed, self.change.gone) | rejected,
            troubled=self._troubled(),
            disabled=self._disabled(accounts, news),
            enabled=self._enabled(accounts, news),
            trials=self._trials(names, held),
        )

    def _state(self, name: str, held: Held | None) -> FileState:
        seen = self.snapshot.files[name]
        content = _content(seen)
        before = self._before(name)
        is_same = before is not None and before.content == content
        if is_same and isinstance(before, Accepted):
            # What is in force stays, whatever became of other files.
            return before
        loaded = self.assessment.parsed.get(name)
        if held is None and loaded is not None and _is_usable(loaded) and not self._is_blocked(name, before):
            commit = self.known.commits.get(seen.source.kind)
            return Accepted(content=content, since=self.now, generation=self.number, loaded=loaded, commit=commit)
        match before:
            case LastGood() | Rejected() if is_same:
                return before
            case Accepted() | LastGood():
                return LastGood(
                    content=content,
                    since=self.now,
                    generation=before.generation,
                    loaded=before.loaded,
                    good_at=before.good_at,
                    commit=before.commit,
                )
            case Rejected() | None:
                return Rejected(content=content, since=self.now)
            case _:
                assert_never(before)

    def _trial(self, name: str, site: Site) -> Held | None:
        """How the content of a file stands with the canary; None: it need not be tried, or is of no use anyway."""
        if not (self.known.has_canary and site.reload.canary) or not self._concerns_canary(name):
            return None
        content = _content(self.snapshot.files[name])
        trials = self.previous.trials if self.previous is not None else {}
        for last in (self.known.verdicts.get(name), trials.get(name)):
            if last is not None and last.content == content:
                return last if isinstance(last, Untried | Failing) else None
        return Untried(content=content)

    def _concerns_canary(self, name: str) -> bool:
        loaded, before = self.assessment.parsed.get(name), self._before(name)
        if not isinstance(loaded, LoadedAccount) or loaded.account is None or self._is_blocked(name, before):
            return False
        if isinstance(before, Accepted) and before.content == _content(self.snapshot.files[name]):
            return False
        if self.previous is None:
            # At the start there is nothing to go on with meanwhile, unless an earlier run left it: to keep a new file
            # out would only be another way of not sending.
            return before is not None and concerns_canary(loaded.account, _account(before))
        return concerns_canary(loaded.account, _account(before) or self.previous.accounts.get(loaded.name))

    def _disabled(self, accounts: Mapping[str, Account], news: frozenset[str]) -> frozenset[str]:
        old = self.previous.disabled if self.previous is not None else frozenset()
        return (old - news) | {name for name in news if name in accounts and not accounts[name].is_enabled}

    def _enabled(self, accounts: Mapping[str, Account], news: frozenset[str]) -> Mapping[str, Account]:
        old = Register.of(self.previous.enabled if self.previous is not None else {})
        come = {name: accounts[name] for name in news if name in accounts and accounts[name].is_enabled}
        return _in_order(old.after(come, news - come.keys()), old)

    def _trials(self, reviewed: Iterable[str], held: Mapping[str, Held]) -> Mapping[str, Held]:
        old = self.previous.trials if self.previous is not None else {}
        if not old and not held:
            return MappingProxyType({})
        done = {*reviewed, *self.change.gone}
        return {**{name: trial for name, trial in old.items() if name not in done}, **held}

    def _before(self, name: str) -> FileState | None:
        """How the file stood; at the start of the program as an earlier run left it."""
        if self.previous is not None:
            return self.previous.files.get(name)
        kept = self.known.earlier.get(name)
        if kept is None:
            return None
        loaded = kept.loaded if kept.loaded is not None else self.assessment.parsed[name]
        if not _is_usable(loaded):
            return None
        return Accepted(
            content=kept.digest,
            since=kept.accepted_at,
            generation=self.number if kept.loaded is None else EARLIER,
            loaded=loaded,
            commit=kept.commit,
        )

    def _is_blocked(self, name: str, before: FileState | None) -> bool:
        has_better = isinstance(before, Accepted | LastGood)
        harmless = _NEVER_REJECTS if has_better else _NEVER_REJECTS | _REJECTS_NEWCOMERS
        return any(
            diagnostic.severity is Severity.ERROR and diagnostic.code not in harmless
            for diagnostic in self._found(name)
        )

    def _found(self, name: str) -> tuple[Diagnostic, ...]:
        judged = self.assessment.judged.get(name)
        return (*(judged.diagnostics if judged is not None else ()), *self.remarks.get(name, ()))

    def _troubled(self) -> frozenset[str]:
        old = self.previous.troubled if self.previous is not None else frozenset()
        looked_at = {*self.assessment.fresh, *self.change.names, *self.reviewed}
        found = {
            name for name in looked_at if any(diagnostic.severity is Severity.ERROR for diagnostic in self._found(name))
        }
        return (old - looked_at) | found

    def _accounts(self, files: Mapping[str, FileState]) -> tuple[Mapping[str, Account], frozenset[str]]:
        """The accounts in force, and the names of those that are new, changed or gone."""
        before = Register.of(self.previous.accounts if self.previous is not None else {})
        come, news = dict[str, Account](), set[str]()
        for group in {twins(name) for name in (*self.change.names, *self.reviewed)}:
            found = [one for name in group if (one := _account(files.get(name))) is not None]
            name = account_name(group[0])
            account = found[-1] if found else None
            if account != before.get(name):
                news.add(name)
                if account is not None:
                    come[name] = account
        return _in_order(before.after(come, news - come.keys()), before), frozenset(news)


def _in_order(accounts: Register[str, Account], before: Register[str, Account]) -> Register[str, Account]:
    if accounts.names <= before.names:
        return accounts
    return Register({name: accounts[name] for name in sorted(accounts)})


def _content(seen: SeenFile) -> str:
    match seen:
        case ReadFile(digest=digest):
            return digest.hex()
        case UnreadableFile(problem=problem):
            return problem
        case _:
            assert_never(seen)


def _is_usable(loaded: Loaded) -> bool:
    match loaded:
        case LoadedAccount(account=account):
            return account is not None
        case LoadedSite(site=site):
            return site is not None
        case _:
            assert_never(loaded)


def _account(state: FileState | None) -> Account | None:
    match state:
        case Accepted(loaded=LoadedAccount(account=account)) | LastGood(loaded=LoadedAccount(account=account)):
            return account
        case _:
            return None


def _site(files: Mapping[str, FileState], names: Iterable[str]) -> Site:
    for name in names:
        match files[name]:
            case Accepted(loaded=LoadedSite(site=Site() as site)) | LastGood(loaded=LoadedSite(site=Site() as site)):
                return site
            case _:
                continue
    return Site()


def _accounts_folder(snapshot: Snapshot, folder: Path) -> Path:
    accounts = (seen.source.path for seen in snapshot.files.values() if seen.source.kind is FileKind.ACCOUNT)
    first = next(accounts, None)
    return folder / ACCOUNTS_FOLDER if first is None else first.parent

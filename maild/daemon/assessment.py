"""What is known of the files' contents: each parsed, judged by the rules, and what they have in common. Pure.

A later assessment is made from an earlier one and costs what changed: a file is parsed when its content is new, and
judged when it is, or when something else that it is judged by is new: the site's severities, the day, another account
with the same password; maild.yaml by every account. The work comes in steps of one file, so that a caller can let
others work in between.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from maild.config.draft import AccountDraft
from maild.config.folder import FileKind
from maild.config.lint import LintSettings
from maild.config.load import SUFFIXES, LoadedAccount, LoadedSite, account_name, load_account, load_site
from maild.register import Register
from maild.rules.census import Census
from maild.rules.engine import Judged, check_file
from maild.secret import SecretReference
from maild.watch.snapshot import Change, ReadFile, Snapshot

Loaded: TypeAlias = LoadedAccount | LoadedSite


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """See above.

    Attributes:
        parsed: every file that could be read, by its name.
        judged: what the rules find in each of them.
        own: the files that are the daemon's own, one or two at most.
        fresh: the files that were judged for this assessment; the others stand as in the one before.
        day: the day for rules about dates.
    """

    parsed: Mapping[str, Loaded] = field(default_factory=dict, repr=False)
    judged: Mapping[str, Judged] = field(default_factory=dict, repr=False)
    own: tuple[str, ...] = ()
    fresh: frozenset[str] = frozenset()
    census: Census = field(default_factory=Census, repr=False)
    lint: LintSettings = field(default_factory=LintSettings)
    day: date | None = None


def assess(
    before: Assessment, snapshot: Snapshot, change: Change, *, now: datetime
) -> Generator[None, None, Assessment]:
    """The assessment of a snapshot that differs by `change` from the one that `before` is of.

    While no maild.yaml can be used the severities stay what they were.
    """
    loaded: dict[str, Loaded] = {}
    for name in change.names:
        seen = snapshot.files.get(name)
        if isinstance(seen, ReadFile):
            load = load_site if seen.source.kind is FileKind.SITE else load_account
            loaded[name] = load(name, seen.data)
            yield
    parsed = Register.of(before.parsed).after(loaded, [name for name in change.names if name not in loaded])
    own = _own(snapshot) if change.added or change.gone else before.own
    sites = [one.site for name in own if isinstance(one := parsed.get(name), LoadedSite)]
    lint = next((site.lint for site in sites if site is not None), before.lint)
    drafts = _drafts(parsed, snapshot, change)
    census = before.census.after(drafts, _accounts(before, snapshot, change))
    if lint != before.lint or now.date() != before.day:
        fresh = frozenset(parsed)
    else:
        others = _concerned(before.census, census, drafts, parsed)
        alike = (twin for name in change.names for twin in twins(name))
        fresh = frozenset(name for name in (*alike, *own, *others) if name in parsed)
    found: dict[str, Judged] = {}
    for name in sorted(fresh):
        # Whether secrets can be had is not asked here: the file is right all the same, the account's breaker and its
        # probes say so as long as it lasts, and a secret that appears later is used without any reload.
        found[name] = check_file(parsed[name], census, now=now, lint=lint, secrets=None)
        yield
    judged = Register.of(before.judged).after(found, [name for name in change.names if name not in found])
    return Assessment(parsed=parsed, judged=judged, own=own, fresh=fresh, census=census, lint=lint, day=now.date())


def twins(name: str) -> tuple[str, ...]:
    """The names of files that mean the same as this one, itself among them, in order."""
    stem = next(name.removesuffix(suffix) for suffix in SUFFIXES if name.endswith(suffix))
    return tuple(stem + suffix for suffix in SUFFIXES)


def _own(snapshot: Snapshot) -> tuple[str, ...]:
    return tuple(name for name, seen in snapshot.files.items() if seen.source.kind is FileKind.SITE)


def _accounts(before: Assessment, snapshot: Snapshot, change: Change) -> tuple[str, ...]:
    known = before.census.accounts
    if known is not None and not change.added and not change.gone:
        return known
    return tuple(account_name(name) for name, seen in snapshot.files.items() if seen.source.kind is FileKind.ACCOUNT)


def _drafts(parsed: Mapping[str, Loaded], snapshot: Snapshot, change: Change) -> dict[str, AccountDraft | None]:
    """The drafts of the accounts that a changed file is about, as they are now; of two files the last one counts."""
    drafts: dict[str, AccountDraft | None] = {}
    for name in change.names:
        seen = snapshot.files.get(name)
        if seen is not None and seen.source.kind is FileKind.SITE:
            continue
        found = [one for twin in twins(name) if isinstance(one := parsed.get(twin), LoadedAccount)]
        drafts[account_name(name)] = next((one.draft for one in reversed(found) if one.draft is not None), None)
    return drafts


def _concerned(
    old: Census, new: Census, drafts: Mapping[str, AccountDraft | None], parsed: Mapping[str, Loaded]
) -> list[str]:
    """The files of accounts that share a password with one that changed, where that says something new of them."""
    accounts = {
        account
        for reference in old.touched(drafts)
        if _first_with(old, reference) != _first_with(new, reference)
        for account in (*old.holders.get(reference, ()), *new.holders.get(reference, ()))
    }
    if not accounts - drafts.keys():
        return []
    return [name for name in parsed if account_name(name) in accounts]


def _first_with(census: Census, reference: SecretReference) -> tuple[str, str | None, str | None] | None:
    """What the others with this password are compared with."""
    name = census.first_with.get(reference)
    if name is None:
        return None
    draft = census.drafts[name]
    return name, draft.host, draft.username

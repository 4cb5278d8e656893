"""Two configurations side by side: what a change of files changes for sending, as values. Pure.

Only what sending depends on is compared: accounts, the default account, delivery, intake, reports, name servers.
Comments, order, lint and log settings make no change. Which way mail goes is for `delivery.detour` to say. A change
holds no password, for a configuration holds none; what a URL has behind its `?`, where services take keys, is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias, assert_never

from maild.config.change import (
    AccountAdded,
    AccountBroken,
    AccountGone,
    AccountMended,
    AccountRenamed,
    AccountSwitched,
    Change,
    LimitChanged,
    SecretMoved,
    SecurityChanged,
    SettingChanged,
    SiteBroken,
)
from maild.config.model import Account, HttpSettings, Site, SmtpSettings
from maild.config.plain import flatten, plain_text
from maild.config.strength import is_amount, strength_of, transport_strength
from maild.secret import SecretReference, describe


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """A configuration as far as it has no errors.

    Attributes:
        site: what maild.yaml says, the defaults where there is none; None: it has errors.
        accounts: by name, those whose files have no errors.
        broken: the names of those whose files have.
    """

    site: Site | None = field(default_factory=Site)
    accounts: Mapping[str, Account] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()


Items: TypeAlias = Mapping[str, object]

_APART: Final = frozenset({"transport", "email", "password", "is_enabled"})
"""Of an account: what is compared by rules of its own."""


def compare(old: Configuration, new: Configuration) -> tuple[Change, ...]:
    """What the step from `old` to `new` changes: accounts by name first, then what is about all mail."""
    renamed = dict(_renamed(old, new))
    names = sorted({*old.accounts, *new.accounts, *old.broken, *new.broken} - set(renamed.values()))
    changes: list[Change] = []
    for name in names:
        if name in renamed:
            changes.append(AccountRenamed(account=name, after=renamed[name]))
        else:
            changes += _account(name, old, new)
    return (*changes, *_site(old.site, new.site))


def _renamed(old: Configuration, new: Configuration) -> Iterator[tuple[str, str]]:
    """Accounts that only have another name now, where there is no doubt which one that is."""
    gone = [account for name, account in old.accounts.items() if name not in new.accounts and name not in new.broken]
    came = [account for name, account in new.accounts.items() if name not in old.accounts and name not in old.broken]
    before, after = _by_content(gone), _by_content(came)
    for content, names in before.items():
        if len(names) == 1 and len(found := after.get(content, [])) == 1:
            yield names[0], found[0]


def _by_content(accounts: list[Account]) -> dict[tuple[object, ...], list[str]]:
    found: dict[tuple[object, ...], list[str]] = {}
    for account in accounts:
        content = (account.transport, account.sender, account.password, account.is_enabled, *_items(account).items())
        found.setdefault(content, []).append(account.name)
    return found


def _account(name: str, old: Configuration, new: Configuration) -> Iterator[Change]:
    before, after = old.accounts.get(name), new.accounts.get(name)
    if before is not None and after is not None:
        yield from _settings(before, after)
    elif after is not None:
        yield (
            AccountMended(account=name)
            if name in old.broken
            else AccountAdded(account=name, is_enabled=after.is_enabled)
        )
    elif name not in new.broken:
        yield AccountGone(account=name)
    elif name not in old.broken:
        yield AccountBroken(account=name, was_there=before is not None)


def _settings(before: Account, after: Account) -> Iterator[Change]:
    name = before.name
    if before.is_enabled != after.is_enabled:
        yield AccountSwitched(account=name, is_enabled=after.is_enabled)
    if type(before.transport) is type(after.transport):
        yield from _differences(name, _transport(before), _transport(after))
    else:
        yield from _another_protocol(before, after)
    if before.sender != after.sender:
        yield SettingChanged(account=name, key="sender", before=str(before.sender), after=str(after.sender))
    yield from _differences(name, _items(before), _items(after))
    if before.password != after.password:
        yield SecretMoved(account=name, before=_reference(before.password), after=_reference(after.password))


def _another_protocol(before: Account, after: Account) -> Iterator[Change]:
    """The keys have nothing to do with each other; how safe the way is can be compared all the same."""
    yield SettingChanged(account=before.name, key="protocol", before=_protocol(before), after=_protocol(after))
    safety = zip(transport_strength(before.transport), transport_strength(after.transport), strict=True)
    for (key, was), (_, is_now) in safety:
        if was != is_now:
            yield SecurityChanged(
                account=before.name, key=key, before=plain_text(was), after=plain_text(is_now), is_weaker=was
            )


def _protocol(account: Account) -> str:
    match account.transport:
        case SmtpSettings(host=host, port=port):
            return f"smtp to {host} port {port}"
        case HttpSettings(url=url):
            return f"http to {plain_text(url, 'url')}"
        case _:
            assert_never(account.transport)


def _transport(account: Account) -> Items:
    return dict(flatten(account.transport, "smtp." if isinstance(account.transport, SmtpSettings) else "http."))


def _items(account: Account) -> dict[str, object]:
    return {key: value for key, value in flatten(account, "") if key.partition(".")[0] not in _APART}


def _reference(reference: SecretReference | None) -> str | None:
    return None if reference is None else describe(reference)


def _site(before: Site | None, after: Site | None) -> Iterator[Change]:
    if after is None:
        if before is not None:
            yield SiteBroken()
        return
    yield from _differences(None, _site_items(before or Site()), _site_items(after))


def _site_items(site: Site) -> Items:
    queue = site.queue
    alone = {
        "spool.path": site.spool,
        "spool.queue": None if queue is None else queue.uri,
        "spool.password": None if queue is None else _reference(queue.password),
        "default_account": site.default_account,
        "local_mail": site.local_mail,
    }
    sections = {"delivery.": site.delivery, "intake.": site.intake, "reports.": site.reports, "dns.": site.dns}
    return {**alone, **{key: value for prefix, section in sections.items() for key, value in flatten(section, prefix)}}


def _differences(account: str | None, before: Items, after: Items) -> Iterator[Change]:
    # A section may be there on one side only.
    for key in dict.fromkeys((*before, *after)):
        was, is_now = before.get(key), after.get(key)
        if was != is_now:
            yield _difference(account, key, was, is_now)


def _difference(account: str | None, key: str, was: object, is_now: object) -> Change:
    last = key.rpartition(".")[2]
    before, after = plain_text(was, last), plain_text(is_now, last)
    strengths = strength_of(key, was), strength_of(key, is_now)
    if strengths[0] != strengths[1]:
        return SecurityChanged(
            account=account or "", key=key, before=before, after=after, is_weaker=strengths[1] < strengths[0]
        )
    if is_amount(key):
        return LimitChanged(account=account, key=key, before=before, after=after, is_lower=_is_less(was, is_now))
    return SettingChanged(account=account, key=key, before=before, after=after)


def _is_less(was: object, is_now: object) -> bool | None:
    """Whether it is less now; None where one of them is left to a default that depends on the provider."""
    if was is None or is_now is None:
        return None
    return bool(is_now < was)  # type: ignore[operator]  # two amounts of one key

"""The differences between two configurations in sentences, and as objects of `schemas/changes.schema.json`. Pure.

Values come from files, so every sentence is made safe for a terminal by who prints it; what a file hides is hidden by
the caller's `shown`, which every text goes through.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
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
from maild.config.route import Match
from maild.delivery.detour import Detour, RouteMoved, RoutesRewritten, SharesMoved, StandInsChanged
from maild.delivery.stranding import Affected, Freed, LeftBehind, QueueChange, Redirected, Stranded

Difference: TypeAlias = Change | Detour | QueueChange

_LOWER: Final = {True: "lowered", False: "raised", None: "changed"}
_NOT_SET: Final = "not set"
_BROKEN_NOW: Final = (
    "the file has errors now: a daemon that has used it keeps its earlier version, over a restart too; any other has "
    "no such account."
)
_BROKEN_FROM_THE_START: Final = "a new account whose file has errors, so it cannot be used."


def change_sentence(change: Difference) -> str:
    """The difference in one sentence."""
    match change:
        case RouteMoved() | SharesMoved() | StandInsChanged() | RoutesRewritten():
            return _detour(change)
        case Stranded() | Redirected() | Affected() | Freed() | LeftBehind():
            return _queue(change)
        case SettingChanged() | SecurityChanged() | LimitChanged() | SecretMoved():
            return _setting(change)
        case SiteBroken():
            return (
                "maild.yaml has errors now: a daemon that has used it keeps its earlier version, over a restart too; "
                "any other does not start."
            )
        case _:
            return _account(change)


def _account(
    change: AccountAdded | AccountGone | AccountRenamed | AccountBroken | AccountMended | AccountSwitched,
) -> str:
    name = change.account
    if isinstance(change, AccountAdded):
        return f"{name}: a new account{'' if change.is_enabled else ', switched off'}."
    match change:
        case AccountGone():
            return f"{name}: the account is gone; nothing can be sent through it any more."
        case AccountRenamed(after=after):
            return f"{name}: the account is called {after} now; what asks for it as {name} finds none."
        case AccountBroken(was_there=was_there):
            return f"{name}: {_BROKEN_NOW if was_there else _BROKEN_FROM_THE_START}"
        case AccountMended():
            return f"{name}: the file had errors and has none now, so the account can be used."
        case AccountSwitched(is_enabled=is_enabled):
            return f"{name}: the account is switched {'on' if is_enabled else 'off; its messages wait'}."
        case _:
            assert_never(change)


def _setting(change: SettingChanged | SecurityChanged | LimitChanged | SecretMoved) -> str:
    match change:
        case SecretMoved(account=account):
            return f"{account}: the password is read from elsewhere: {_step(change.before, change.after)}."
        case SecurityChanged(account=account, key=key, is_weaker=is_weaker):
            word = "WEAKER" if is_weaker else "stronger"
            return f"{account}: protection is {word}: {key} {_step(change.before, change.after)}."
        case LimitChanged(key=key, is_lower=is_lower):
            return f"{_whose(change.account)}{key} is {_LOWER[is_lower]}: {_step(change.before, change.after)}."
        case SettingChanged(key=key):
            return f"{_whose(change.account)}{key}: {_step(change.before, change.after)}."
        case _:
            assert_never(change)


def _whose(account: str | None) -> str:
    return "maild.yaml: " if account is None else f"{account}: "


def _step(before: str | None, after: str | None) -> str:
    if before == after:
        return f"{before}, changed in a part that is not shown"
    return f"{_NOT_SET if before is None else before} -> {_NOT_SET if after is None else after}"


def _detour(change: Detour) -> str:
    match change:
        case RouteMoved(match=kind, before=before, after=after):
            was = "waited for want of an account" if before is None else f"went by {before}"
            is_now = "waits, for no account would send it" if after is None else f"goes by {after}"
            return f"Mail {_kind(kind)} {was} and now {is_now}."
        case SharesMoved(match=kind):
            shares = f"{_shares(change.before_shares)} -> {_shares(change.after_shares)}"
            return f"Mail {_kind(kind)} is shared out anew: {shares}."
        case StandInsChanged(match=kind, account=account):
            step = f"{_listed(change.before_accounts)} -> {_listed(change.after_accounts)}"
            return f"Mail {_kind(kind)} goes by {account} as before, but others stand in when that cannot send: {step}."
        case RoutesRewritten(before=before_count, after=after_count):
            return f"The routes are others ({before_count} -> {after_count}), and no mail was found that they move."
        case _:
            assert_never(change)


def _shares(shares: Mapping[str, int]) -> str:
    if len(shares) == 1:
        return f"all by {next(iter(shares))}"
    return " and ".join(f"{percent} % by {name}" for name, percent in shares.items()) or "none, it waits"


def _listed(accounts: Sequence[str]) -> str:
    return ", then ".join(accounts) or "nobody"


def _kind(match: Match) -> str:
    words = [
        "that no route names" if match == Match() else "",
        "" if match.sender is None else f"from {match.sender}",
        "" if match.recipient is None else f"to {match.recipient}",
        *(f"with {name}: {pattern}" for name, pattern in sorted(match.headers.items())),
    ]
    return " ".join(word for word in words if word)


def _queue(change: QueueChange) -> str:
    count = f"{change.messages} queued message{'' if change.messages == 1 else 's'}"
    match change:
        case Stranded(account=account):
            return f"{count} would be STRANDED: the way was by {account}, and no account would send them now."
        case Redirected(account=account, after=after):
            return f"{count} would go by {after} instead of {account}."
        case Affected(account=account):
            return f"{count} would go by {account} with its new settings."
        case LeftBehind(before=place, after=after):
            return (
                f"{count} would be STRANDED: what waits in {place} is not looked at once the spool is {after}. "
                f"Let the queue there run empty first (`maild run --once`), or move the whole folder."
            )
        case Freed(after=after):
            return f"{count} that had no way would go by {after}."
        case _:
            assert_never(change)


_KINDS: Final[Mapping[type, str]] = {
    AccountAdded: "account_added",
    AccountGone: "account_gone",
    AccountRenamed: "account_renamed",
    AccountBroken: "account_broken",
    AccountMended: "account_mended",
    AccountSwitched: "account_switched",
    SettingChanged: "setting_changed",
    SecurityChanged: "security_changed",
    LimitChanged: "limit_changed",
    SecretMoved: "secret_moved",
    SiteBroken: "site_broken",
    RouteMoved: "route_moved",
    SharesMoved: "shares_moved",
    StandInsChanged: "stand_ins_changed",
    RoutesRewritten: "routes_rewritten",
    Stranded: "messages_stranded",
    Redirected: "messages_redirected",
    Affected: "messages_affected",
    Freed: "messages_freed",
    LeftBehind: "messages_left_behind",
}


def change_object(change: Difference, shown: Callable[[str], str]) -> dict[str, object]:
    """The difference for programs, with its sentence."""
    return {
        "kind": _KINDS[type(change)],
        "sentence": shown(change_sentence(change)),
        **{key: _shown(value, shown) for key, value in _members(change)},
    }


def _shown(value: object, shown: Callable[[str], str]) -> object:
    match value:
        case str():
            return shown(value)
        case tuple():
            return [_shown(entry, shown) for entry in value]
        case Mapping():
            return {_shown(key, shown): _shown(entry, shown) for key, entry in value.items()}
        case _:
            return value


def _members(change: Difference) -> Iterator[tuple[str, object]]:
    for field in fields(change):
        value = getattr(change, field.name)
        if isinstance(value, Match):
            headers = dict(sorted(value.headers.items()))
            yield "match", {"from": value.sender, "to": value.recipient, "header": headers}
        else:
            yield field.name, value

"""What can differ between two configurations, one value a difference. Pure.

`account` is an account's name, None where a change is about all mail. Texts are as the file would have them; None
means that nothing is set. Where both texts of a change are the same, it lies in a part that is not shown.
"""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAdded:
    """There was no such account before."""

    account: str
    is_enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountGone:
    """There is no file of it any more."""

    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRenamed:
    """The same account under another name."""

    account: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBroken:
    """Its file has errors now. `was_there`: it could be used before."""

    account: str
    was_there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMended:
    """Its file had errors and has none now."""

    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSwitched:
    """It was switched on or off by `enabled`."""

    account: str
    is_enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChanged:
    """A setting that is neither about safety nor an amount."""

    account: str | None
    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityChanged:
    """A setting that decides who could read or forge what is sent."""

    account: str
    key: str
    before: str | None
    after: str | None
    is_weaker: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitChanged:
    """An amount. `is_lower` is None where one side is left to a default that depends on the provider."""

    account: str | None
    key: str
    before: str | None
    after: str | None
    is_lower: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretMoved:
    """The password is to be found elsewhere: references in words, never the password."""

    account: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteBroken:
    """maild.yaml has errors now."""


Change: TypeAlias = (
    AccountAdded
    | AccountGone
    | AccountRenamed
    | AccountBroken
    | AccountMended
    | AccountSwitched
    | SettingChanged
    | SecurityChanged
    | LimitChanged
    | SecretMoved
    | SiteBroken
)

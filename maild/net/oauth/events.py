"""What the keyring tells observers. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRenewed:
    """A new access token was given."""

    account: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRefused:
    """No access token was given; `is_final` says that a person has to do something."""

    account: str
    is_final: bool
    detail: str


TokenEvent: TypeAlias = TokenRenewed | TokenRefused

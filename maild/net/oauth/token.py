"""Tokens, and what is kept of an account's: as values and as the text of its file. Pure.

The file holds secrets, so it is for its owner alone (`store`); whoever reads it may send mail as the account.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from maild.secret import Secret

RENEW_AT: Final = 0.8
"""Of a token's life: early enough that a token service may be away for a while, as most live for an hour."""

LAST_MINUTE: Final = timedelta(minutes=1)
"""A token that ends sooner may end on its way."""

MAX_FILE_BYTES: Final = 64 * 1024


class TokenFileError(Exception):
    """The file is none of ours, or damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token."""

    access: Secret
    obtained_at: datetime
    expires_at: datetime

    @property
    def renew_at(self) -> datetime:
        """From when on it is renewed, though it is still good."""
        return self.obtained_at + (self.expires_at - self.obtained_at) * RENEW_AT

    def is_usable(self, now: datetime) -> bool:
        """Whether it can be logged in with. A clock that was set back counts as well."""
        return self.obtained_at - LAST_MINUTE <= now < self.expires_at - LAST_MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is known of an account's tokens.

    Attributes:
        digest: of the endpoints that they come from; of others they are of no use.
        token: None: there is none yet, or it was refused.
        refresh: what the next one is asked for with.
        login_id: another one after each login of a person.
    """

    digest: str
    token: Token | None = None
    refresh: Secret | None = None
    login_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """The token service's yes. `refresh` None: the old one stays good."""

    access: Secret
    lifetime: timedelta
    refresh: Secret | None = field(default=None)

    def token(self, now: datetime) -> Token:
        """The token that was asked for at that time."""
        return Token(access=self.access, obtained_at=now, expires_at=now + self.lifetime)


def format_kept(kept: Kept) -> bytes:
    """The text of the file."""
    token = kept.token
    text = {
        "version": 1,
        "digest": kept.digest,
        "access_token": None if token is None else token.access.reveal(),
        "obtained_at": None if token is None else token.obtained_at.isoformat(),
        "expires_at": None if token is None else token.expires_at.isoformat(),
        "refresh_token": None if kept.refresh is None else kept.refresh.reveal(),
        "login_id": kept.login_id,
    }
    return json.dumps(text).encode()


def parse_kept(data: bytes) -> Kept:
    """What the file says.

    Raises:
        TokenFileError: it is not of this form.
    """
    try:
        found = json.loads(data)
        if found["version"] != 1:
            raise TokenFileError("it is of a later version")
        return Kept(
            digest=str(found["digest"]),
            token=_token_of(found),
            refresh=None if found["refresh_token"] is None else Secret(str(found["refresh_token"])),
            login_id=str(found["login_id"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise TokenFileError("it is damaged") from None


def _token_of(found: dict[str, Any]) -> Token | None:
    if found["access_token"] is None:
        return None
    obtained_at, expires_at = (datetime.fromisoformat(found[name]) for name in ("obtained_at", "expires_at"))
    if obtained_at.tzinfo is None or expires_at.tzinfo is None:
        raise TokenFileError("it has a time without its zone")
    return Token(access=Secret(str(found["access_token"])), obtained_at=obtained_at, expires_at=expires_at)

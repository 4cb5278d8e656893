"""What an account logs in with, as a value and as a port: whoever logs in asks here, and need not know whether it is a
password that stands somewhere or a token that has to be made. Pure.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from maild.config.model import Account
from maild.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What to log in with now.

    Attributes:
        secret: the password or the access token.
        identity: what stays the same until a person changes something, so that a refused login can be remembered: the
            password itself, or what the tokens are made of.
    """

    secret: Secret
    identity: Secret


class Keys(Protocol):
    """Gives accounts their keys."""

    async def key_of(self, account: Account, folder: Path) -> Key | None:
        """The key to log in with; None when the account has none.

        Args:
            account: whose.
            folder: what relative paths of the account count from.

        Raises:
            NetError: at Phase.SECRET; it is not to be had.
        """
        ...

    async def renew(self, account: Account, folder: Path, refused: Key) -> bool:
        """The server refused this key. Whether `key_of` gives another one now, so that one more try is worth it."""
        ...

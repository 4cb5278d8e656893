"""Where tokens are kept: one file an account, mode 0600, in the spool's state. Shell code, blocking."""

import contextlib
from pathlib import Path
from typing import Final

from maild.net.oauth.token import MAX_FILE_BYTES, Kept, TokenFileError, format_kept, parse_kept
from maild.secret.private_file import lock_beside, write_private


def token_folder(spool: Path) -> Path:
    """Where they lie below a spool folder."""
    return spool / "state" / "tokens"


class TokenStore:
    """See above."""

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder

    def load(self, account: str) -> Kept | None:
        """What is kept of an account; None when there is nothing, or nothing that can be read."""
        with contextlib.suppress(OSError, TokenFileError):
            with self._path(account).open("rb") as file:
                data = file.read(MAX_FILE_BYTES + 1)
            return parse_kept(data) if len(data) <= MAX_FILE_BYTES else None
        return None

    def save(self, account: str, kept: Kept) -> None:
        """Keep it, durably: some services take a refresh token once only.

        Raises:
            OSError: it cannot be written.
        """
        write_private(self._path(account), format_kept(kept))

    def lock(self, account: str) -> int:
        """Wait until no other process renews the account's token; ends when the descriptor is closed.

        Raises:
            OSError: the folder cannot be written to.
        """
        return lock_beside(self._path(account))

    def _path(self, account: str) -> Path:
        return self._folder / f"{account}.json"

"""Keys as accounts ask for them, and the log hears which ones are in use, to keep them out of its lines."""

from collections.abc import Callable
from pathlib import Path

from maild.config.model import Account
from maild.net.keys import Key, Keys
from maild.secret import Secret


class OverheardKeys:
    """Hands everything on; `learn` is told what each account logs in with."""

    def __init__(self, keys: Keys, learn: Callable[[str, Secret], None]) -> None:
        self._keys = keys
        self._learn = learn

    async def key_of(self, account: Account, folder: Path) -> Key | None:
        """See the port."""
        key = await self._keys.key_of(account, folder)
        if key is not None:
            self._learn(account.name, key.secret)
        return key

    async def renew(self, account: Account, folder: Path, refused: Key) -> bool:
        """See the port."""
        return await self._keys.renew(account, folder, refused)

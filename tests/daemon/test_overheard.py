import asyncio
from pathlib import Path

from maild.config.model import Account
from maild.daemon.overheard import OverheardKeys
from maild.net.keys import Key
from maild.secret import Secret
from tests.delivery.world import account


class Keys:
    def __init__(self, key: Key | None) -> None:
        self.key = key

    async def key_of(self, account: Account, folder: Path) -> Key | None:
        return self.key

    async def renew(self, account: Account, folder: Path, refused: Key) -> bool:
        return True


def test_the_log_hears_what_an_account_logs_in_with() -> None:
    heard: list[tuple[str, Secret]] = []
    key = Key(secret=Secret("a"), identity=Secret("b"))
    of = account("billing")

    async def scenario() -> None:
        keys = OverheardKeys(Keys(key), lambda name, secret: heard.append((name, secret)))
        assert await keys.key_of(of, Path()) is key
        assert await keys.renew(of, Path(), key)
        assert (
            await OverheardKeys(Keys(None), lambda name, secret: heard.append((name, secret))).key_of(of, Path())
            is None
        )

    asyncio.run(scenario())
    assert heard == [("billing", Secret("a"))]

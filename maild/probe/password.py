"""Fetches what an account logs in with, as a phase of its own."""

from pathlib import Path

from maild.config.model import Account
from maild.mail.phase import Phase
from maild.net.keys import Key, Keys
from maild.net.narrator import Narrator
from maild.secret import describe


async def fetch_key(account: Account, folder: Path, keys: Keys, narrator: Narrator) -> Key | None:
    """The password or the access token; None when the account has neither, and then nothing is told.

    Args:
        account: whose.
        folder: what a relative path counts from.
        keys: who gives it.
        narrator: told the phase.

    Raises:
        NetError: at Phase.SECRET; it is not to be had.
    """
    if account.password is None and account.oauth is None:
        return None
    with narrator.phase(Phase.SECRET) as found:
        origin = "" if account.password is None else describe(account.password)
        token = "" if account.oauth is None else f"access token from {account.oauth.provider}"
        found.detail = " by ".join(words for words in (token, origin) if words)
        return await keys.key_of(account, folder)

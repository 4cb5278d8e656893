"""Keys that are passwords: the reference is followed anew each time, off the event loop, for it may run a program."""

import asyncio
from pathlib import Path

from maild.config.model import Account
from maild.mail.phase import Phase
from maild.net.keys import Key
from maild.net.step import NetError, Reason
from maild.secret import Secret
from maild.secret.resolve import SecretError, resolve_secret


class Passwords:
    """For accounts without `oauth`."""

    async def key_of(self, account: Account, folder: Path) -> Key | None:
        """See `Keys`."""
        secret = await fetch_password(account, folder)
        return None if secret is None else Key(secret=secret, identity=secret)

    async def renew(self, account: Account, folder: Path, refused: Key) -> bool:
        """A password does not change by asking."""
        del account, folder, refused
        return False


async def fetch_password(account: Account, folder: Path, *, is_one_line: bool = True) -> Secret | None:
    """What the account's reference leads to.

    Args:
        account: whose.
        folder: what a relative path counts from.
        is_one_line: whether more than one line is a mistake, as it is in a password.

    Raises:
        NetError: at Phase.SECRET; it is not to be had.
    """
    reference = account.password
    if reference is None:
        return None
    try:
        return await asyncio.to_thread(resolve_secret, reference, folder=folder, is_one_line=is_one_line)
    except SecretError as error:
        raise NetError(Phase.SECRET, Reason.SECRET, str(error)) from None

"""Fetches an account's secret as a phase of its own, off the event loop: a reference may run a program."""

import asyncio
from pathlib import Path

from maild.config.model import Account
from maild.mail.phase import Phase
from maild.net.narrator import Narrator
from maild.net.step import NetError, Reason
from maild.secret import Secret, describe
from maild.secret.resolve import SecretError, resolve_secret


async def fetch_secret(account: Account, folder: Path, narrator: Narrator) -> Secret | None:
    """The password, a relative path counting from `folder`; None when the account has none, and then nothing is told.

    Raises:
        NetError: at Phase.SECRET; it is not to be had.
    """
    reference = account.password
    if reference is None:
        return None
    with narrator.phase(Phase.SECRET) as found:
        found.detail = describe(reference)
        try:
            return await asyncio.to_thread(resolve_secret, reference, folder=folder)
        except SecretError as error:
            raise NetError(Phase.SECRET, Reason.SECRET, str(error)) from None

"""The keyring of a command: the tokens of the spool, and nobody who is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from maild.clock import Clock
from maild.net.http import HttpClient
from maild.net.oauth import Keyring, TokenStore, token_folder
from maild.net.oauth.events import TokenEvent
from maild.net.resolver import Resolver


@asynccontextmanager
async def keyring_of(spool: Path, resolver: Resolver, clock: Clock) -> AsyncIterator[Keyring]:
    """What accounts log in with, as the daemon of this spool would; without a spool, tokens live for this command."""
    client = HttpClient(resolver, clock)
    # Whether there is a folder is known at once; nothing else waits for this command.
    store = TokenStore(token_folder(spool)) if spool.is_dir() else None  # noqa: ASYNC240
    try:
        yield Keyring(client, clock, store, _tell_nobody)
    finally:
        await client.close()


def _tell_nobody(event: TokenEvent) -> None:
    del event

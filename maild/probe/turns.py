"""Turns at servers: one conversation of ours at a time with each address, whoever's accounts and names lead there.

Many servers take only a few connections of one client, some two a minute. Several names are often one machine.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from maild.net.resolver import IpAddress


class Turns:
    """The locks, made when they are wanted and forgotten when nobody has them."""

    def __init__(self) -> None:
        self._locks: Final[dict[IpAddress, asyncio.Lock]] = {}
        self._wanted: Final[dict[IpAddress, int]] = {}

    @asynccontextmanager
    async def at(self, addresses: Iterable[IpAddress]) -> AsyncIterator[None]:
        """While inside, nobody else is at any of these."""
        # In one order for everybody, or two who share two addresses would wait for each other.
        wanted = sorted(set(addresses), key=lambda ip: (ip.version, int(ip)))
        for ip in wanted:
            self._wanted[ip] = self._wanted.get(ip, 0) + 1
        try:
            async with AsyncExitStack() as stack:
                for ip in wanted:
                    await stack.enter_async_context(self._locks.setdefault(ip, asyncio.Lock()))
                yield
        finally:
            for ip in wanted:
                self._wanted[ip] -= 1
                if not self._wanted[ip]:
                    del self._wanted[ip], self._locks[ip]

    def __len__(self) -> int:
        """How many addresses somebody is at, or waits for."""
        return len(self._locks)

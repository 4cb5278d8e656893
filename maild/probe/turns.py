"""Turns at servers: one conversation of ours at a time with each address, whoever's accounts and names lead there.

Many servers take only a few connections of one client, some two a minute. Several names are often one machine.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final, TypeAlias

from maild.net.resolver import Address

_Place: TypeAlias = tuple[int, int, int]
"""IP version, address, and on this machine the port: what listens there are servers of their own."""


class Turns:
    """The locks, made when they are wanted and forgotten when nobody has them."""

    def __init__(self) -> None:
        self._locks: Final[dict[_Place, asyncio.Lock]] = {}
        self._wanted: Final[dict[_Place, int]] = {}

    @asynccontextmanager
    async def at(self, addresses: Iterable[Address]) -> AsyncIterator[None]:
        """While inside, nobody else is at any of these."""
        # In one order for everybody, or two who share two addresses would wait for each other.
        wanted = sorted({_place_of(address) for address in addresses})
        for place in wanted:
            self._wanted[place] = self._wanted.get(place, 0) + 1
        try:
            async with AsyncExitStack() as stack:
                for place in wanted:
                    await stack.enter_async_context(self._locks.setdefault(place, asyncio.Lock()))
                yield
        finally:
            for place in wanted:
                self._wanted[place] -= 1
                if not self._wanted[place]:
                    del self._wanted[place], self._locks[place]

    def __len__(self) -> int:
        """How many addresses somebody is at, or waits for."""
        return len(self._locks)


def _place_of(address: Address) -> _Place:
    return (address.ip.version, int(address.ip), address.port if address.is_loopback else 0)

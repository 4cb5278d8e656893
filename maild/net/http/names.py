"""Our resolver behind the interface of the HTTP library."""

import asyncio

from aiohttp.abc import AbstractResolver, ResolveResult

from maild.net.resolver import Resolver


class Names(AbstractResolver):
    """Our resolver behind the library's interface."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """The addresses, in the resolver's order. A NetError passes through the library as it is."""
        del family
        return [
            ResolveResult(hostname=host, host=str(address.ip), port=port, family=address.family, proto=0, flags=0)
            for address in await self._resolver.addresses(host, port)
        ]

    async def close(self) -> None:
        """Nothing to close."""
        await asyncio.sleep(0)

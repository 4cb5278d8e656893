"""From a host's name to a connected socket, told as RESOLVE and CONNECT; by way of a proxy where there is one.

A proxy looks the server's name up itself: behind it there may be no other way to.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from maild.config.proxy import Proxy
from maild.mail.phase import Phase
from maild.net.connect import Connection, connect_first
from maild.net.narrator import Narrator
from maild.net.resolver import Resolver
from maild.net.step import NetError, ignore_steps
from maild.net.tunnel import tunnel


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """To a server.

    Attributes:
        host, port: the server's.
        proxy: whom to ask for the way.
        resolver: where addresses come from.
        timeout_s: for each address, and for the proxy's answer.
    """

    host: str
    port: int
    proxy: Proxy | None
    resolver: Resolver
    timeout_s: float

    async def connect(self, narrator: Narrator) -> Connection:
        """A connection; the socket belongs to the caller.

        Raises:
            NetError: a phase failed.
        """
        proxy = self.proxy
        host, port = (self.host, self.port) if proxy is None else (proxy.host, proxy.port)
        with narrator.phase(Phase.RESOLVE) as found, _naming(proxy):
            addresses = await self.resolver.addresses(host, port)
            found.detail = ", ".join(str(address.ip) for address in addresses)
        with narrator.phase(Phase.CONNECT) as found:
            with _naming(proxy):
                connection = await connect_first(addresses, timeout_s=self.timeout_s)
            found.detail = str(connection)
            if proxy is not None:
                bare = self.host.removeprefix("[").removesuffix("]")
                await tunnel(connection.sock, proxy, bare, self.port, timeout_s=self.timeout_s)
                found.detail = f"{self.host} port {self.port} by way of {proxy} at {connection}"
                connection = replace(connection, is_tunnel=True)
        return connection

    async def connect_again(self, connection: Connection) -> Connection:
        """One more to the same end, untold.

        Raises:
            NetError: it cannot be had.
        """
        if connection.is_tunnel:
            return await self.connect(Narrator(ignore_steps))
        return await connect_first([connection.address], timeout_s=self.timeout_s)


@contextmanager
def _naming(proxy: Proxy | None) -> Iterator[None]:
    """What keeps us from the proxy is not said of the server."""
    try:
        yield
    except NetError as error:
        if proxy is None:
            raise
        raise NetError(error.phase, error.reason, f"the proxy {proxy} cannot be reached: {error.detail}") from error

"""The resolver that everything holds on to while the name servers behind it may change with the configuration."""

from maild.config.model import DnsSettings
from maild.net.resolver import Address, Answer, Resolver, SystemResolver


class CurrentResolver:
    """Hands every question to the resolver of the settings in force."""

    def __init__(self, settings: DnsSettings) -> None:
        self._settings = settings
        self._resolver: Resolver = SystemResolver(settings.resolvers)

    def use(self, settings: DnsSettings) -> None:
        """Ask these name servers from now on; questions under way are still answered by the old ones."""
        if settings != self._settings:
            self._settings = settings
            self._resolver = SystemResolver(settings.resolvers)

    async def addresses(self, host: str, port: int) -> tuple[Address, ...]:
        """See the port."""
        return await self._resolver.addresses(host, port)

    async def lookup(self, name: str, rdtype: str) -> Answer:
        """See the port."""
        return await self._resolver.lookup(name, rdtype)

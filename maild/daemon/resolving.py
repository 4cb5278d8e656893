"""The resolver that everything holds on to while the name servers behind it may change with the configuration."""

from collections.abc import Callable, Mapping

from maild.config.model import DnsSettings
from maild.net.resolver import Address, Answer, Resolver, SystemResolver
from maild.probe.dns.view import DnsView, view_of
from maild.probe.events import QuestionAsked
from maild.probe.witnesses import witnesses_of


class CurrentResolver:
    """Hands every question to the resolver of the settings in force."""

    def __init__(self, settings: DnsSettings, tell: Callable[[QuestionAsked], None]) -> None:
        self._settings = settings
        self._tell = tell
        self._resolver: Resolver = SystemResolver(settings.resolvers)
        self._view = view_of(settings, self._resolver, tell)

    def use(self, settings: DnsSettings) -> None:
        """Ask these name servers from now on; questions under way are still answered by the old ones."""
        if settings != self._settings:
            self._settings = settings
            self._resolver = SystemResolver(settings.resolvers)
            self._view = view_of(settings, self._resolver, self._tell)

    def witnesses(self) -> Mapping[str, Resolver]:
        """Each name server of the settings in force and of the system by itself."""
        return witnesses_of(self._settings.resolvers)

    def view(self) -> DnsView:
        """How checks see DNS by the settings in force."""
        return self._view

    async def addresses(self, host: str, port: int) -> tuple[Address, ...]:
        """See the port."""
        return await self._resolver.addresses(host, port)

    async def lookup(self, name: str, rdtype: str) -> Answer:
        """See the port."""
        return await self._resolver.lookup(name, rdtype)

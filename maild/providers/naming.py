"""Which server a company's name stands for, as programs have it that ask for a `service` and no server. Pure.

A name is the company's title, its id, or another that it is known by; upper case, blanks and dashes do not count. Every
provider is looked at, so nobody asks this about a file in which nothing is wrong.
"""

from dataclasses import dataclass
from typing import Final

from maild.providers.catalogue import PROVIDERS
from maild.providers.provider import Provider

_LONGEST: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyServer:
    """A server for sending, and the port that is best there."""

    host: str
    port: int


def server_of_company(name: str) -> CompanyServer | None:
    """The server of the company of this name, None for names that are nobody's; of regions the first, or the named."""
    word = _bare(name[:_LONGEST])
    for provider in PROVIDERS if word else ():
        names = {_bare(provider.id), _bare(provider.title), *provider.other_names}
        if word in names:
            return _server(provider, *provider.regions[:1])
        named = (region for region in provider.regions if word.removesuffix(_bare(region)) in names)
        region = next(named, None)
        if region is not None:
            return _server(provider, region)
    return None


def _server(provider: Provider, region: str = "") -> CompanyServer:
    return CompanyServer(host=provider.hosts[0].replace("*", region), port=provider.best_port.port)


def _bare(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())

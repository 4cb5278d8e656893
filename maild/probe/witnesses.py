"""Name servers as witnesses: what each of them says of a host that could not be looked up by the usual way. Shell code.

They are those of `dns.resolvers`, or the system's where there are none, each by itself. Nobody else is asked: what a
site looks up is nobody's business but its own name servers'.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, assert_never

from maild.net.name_servers import Server, name_servers
from maild.net.resolver import Answer, NoRecords, NoSuchName, Records, Resolver, SystemResolver, Unanswered
from maild.probe.evidence import Said, Witness

LIFETIME_S: Final = 5.0
MAX_WITNESSES: Final = 6
DNS_PORT: Final = 53


def witnesses_of(resolvers: Sequence[str]) -> Mapping[str, Resolver]:
    """Each of the configured name servers, or of the system's, by its address; a lone one knows nothing new."""
    servers = dict.fromkeys(name_servers(resolvers))
    if resolvers and len(servers) == 1:
        return {}
    named = [(_name(server), _written(server)) for server in servers][:MAX_WITNESSES]
    return {name: SystemResolver([text], lifetime_s=LIFETIME_S) for name, text in named}


async def hear(witnesses: Mapping[str, Resolver], host: str) -> tuple[Witness, ...]:
    """What each of them says of this host, side by side."""

    async def one(name: str, resolver: Resolver) -> Witness:
        answers = await asyncio.gather(resolver.lookup(host, "A"), resolver.lookup(host, "AAAA"))
        return Witness(server=name, said=_together([_said(answer) for answer in answers]))

    return tuple(await asyncio.gather(*(one(name, resolver) for name, resolver in witnesses.items())))


def _said(answer: Answer) -> Said:
    match answer:
        case Records():
            return Said.KNOWS
        case NoRecords() | NoSuchName():
            return Said.DENIES
        case Unanswered():
            return Said.NOTHING
        case _:
            assert_never(answer)


def _together(said: Sequence[Said]) -> Said:
    """Of both families: one that is known is enough, and silence about one leaves it open."""
    return next(word for word in (Said.KNOWS, Said.NOTHING, Said.DENIES) if word in said)


def _name(server: Server) -> str:
    host, port = server
    return host if port == DNS_PORT else _written(server)


def _written(server: Server) -> str:
    host, port = server
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

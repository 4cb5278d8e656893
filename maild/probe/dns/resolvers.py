"""The check `resolvers`: whether the configured name servers say the same about the sender's domain. Pure.

Only answers are compared, never silence, and as sets: order and age mean nothing. Addresses are left out, for large
networks give near ones to everybody. What differs is asked once more before it is told.
"""

from itertools import combinations
from typing import Final, TypeAlias

from maild.probe.dns.scene import Scene, conclude, pass_over
from maild.probe.figure import Figure
from maild.probe.findings import transport as found
from maild.probe.result import CheckResult
from maild.records.dialogue import Dialogue, Found, Question, Reply, Silent

NAME: Final = "resolvers"
TYPES: Final = ("MX", "TXT")

_Content: TypeAlias = frozenset[str]


def check(scene: Scene) -> Dialogue[CheckResult]:
    """Ask every resolver the same."""
    domain, servers = scene.domain, scene.resolvers
    if len(servers) < 2 or not scene.is_in_dns:
        return pass_over(NAME, "fewer than two resolvers are configured")
    differing: dict[str, tuple[str, str]] = {}
    answered: set[str] = set()
    for rdtype in TYPES:
        first = yield from _contents(domain, rdtype, servers)
        answered |= first.keys()
        if _difference(first) is not None:
            again = yield from _contents(domain, rdtype, servers)
            pair = _difference(again)
            if pair is not None:
                differing[rdtype] = pair
    figures = tuple(Figure(name="dns_resolvers_disagree", label=rdtype, value=rdtype in differing) for rdtype in TYPES)
    flaws = tuple(
        scene.found(
            found.RESOLVERS_DISAGREE,
            f"The resolvers {one} and {other} give different {rdtype} records of {domain}.",
            f"Compare `dig {domain} {rdtype} @{one}` and `@{other}`; after a change wait for old records to run out.",
        )
        for rdtype, (one, other) in differing.items()
    )
    is_told = len(answered) > 1
    summary = f"{len(answered)} resolvers agree about {domain}" if not flaws else f"resolvers disagree about {domain}"
    result = conclude(
        NAME, summary if is_told else "fewer than two resolvers answered", flaws, is_told=is_told, figures=figures
    )
    return result


def _contents(domain: str, rdtype: str, servers: tuple[str, ...]) -> Dialogue[dict[str, _Content]]:
    replies = yield tuple(Question(name=domain, rdtype=rdtype, server=server) for server in servers)
    return {
        server: _content(reply) for server, reply in zip(servers, replies, strict=True) if not isinstance(reply, Silent)
    }


def _content(reply: Reply) -> _Content:
    return frozenset(value.lower() for value in reply.values) if isinstance(reply, Found) else frozenset()


def _difference(contents: dict[str, _Content]) -> tuple[str, str] | None:
    return next((pair for pair in combinations(contents, 2) if contents[pair[0]] != contents[pair[1]]), None)

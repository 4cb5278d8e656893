"""Lists of addresses that send spam, asked by DNS: RFC 5782. Pure.

A list is asked about itself first: the test address must be listed and another one not (§5), else its answers mean
nothing, which is what happens to whoever asks by a public resolver. An answer outside 127.0.0.0/8 is a parked domain,
and 127.255.255.0/24 is how Spamhaus says that it will not answer; neither is a listing.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address
from typing import Final, TypeAlias

from maild.records.dialogue import Dialogue, Found, Question, Reply, Silent

_LISTED: Final = IPv4Network("127.0.0.0/8")
_REFUSED: Final = IPv4Network("127.255.255.0/24")
_TEST: Final = IPv4Address("127.0.0.2")
_NEVER: Final = IPv4Address("127.0.0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The list has the address; `codes` say as what, in the list's own numbers."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotListed:
    """The list does not have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """Nothing can be said, and why."""

    detail: str


Listing: TypeAlias = Listed | NotListed | Untold


def query_name(list_: str, address: IPv4Address | IPv6Address) -> str:
    """The name to ask for (§2.1, §2.4)."""
    reverse = address.reverse_pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")
    return f"{reverse}.{list_}"


def ask_list(list_: str, addresses: tuple[IPv4Address | IPv6Address, ...]) -> Dialogue[tuple[Listing, ...]]:
    """What this list says of each address, after it has shown that it works."""
    asked = (_TEST, _NEVER, *addresses)
    replies = yield tuple(Question(name=query_name(list_, one), rdtype="A") for one in asked)
    test, never, *rest = (_read(reply) for reply in replies)
    if isinstance(test, Untold):
        return tuple(test for _ in rest)
    if not isinstance(test, Listed) or isinstance(never, Listed):
        detail = "the list does not answer its own test as RFC 5782 §5 wants it"
        return tuple(Untold(detail=detail) for _ in rest)
    return tuple(rest)


def _read(reply: Reply) -> Listing:
    if isinstance(reply, Silent):
        return Untold(detail=reply.detail)
    if not isinstance(reply, Found):
        return NotListed()
    codes = [ip_address(value) for value in reply.values]
    if any(code in _REFUSED for code in codes):
        return Untold(detail=f"the list refuses to answer this resolver ({', '.join(reply.values)})")
    if not all(code in _LISTED for code in codes):
        return Untold(detail=f"the list answers with an address of its own ({', '.join(reply.values)}): it is no more")
    return Listed(codes=reply.values)

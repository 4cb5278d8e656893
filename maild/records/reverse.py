"""Whether an address has a name that leads back to it: FCrDNS, "iprev" in RFC 8601 §2.7.3. Pure."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from maild.records.dialogue import Dialogue, Found, Question, Silent, ask

MAX_NAMES: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseFindings:
    """The address's names, and those of them that lead back to it. `silent`: why it could not be told."""

    names: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    silent: str | None = None


def find_reverse(address: IPv4Address | IPv6Address) -> Dialogue[ReverseFindings]:
    """Ask for the names and where they lead, in the address's own family."""
    reply = yield from ask(address.reverse_pointer, "PTR")
    if isinstance(reply, Silent):
        return ReverseFindings(silent=f"PTR of {address}: {reply.detail}")
    if not isinstance(reply, Found):
        return ReverseFindings()
    names = tuple(value.lower().removesuffix(".") for value in reply.values[:MAX_NAMES])
    rdtype = "A" if address.version == 4 else "AAAA"
    replies = yield tuple(Question(name=name, rdtype=rdtype) for name in names)
    confirmed = tuple(
        name
        for name, found in zip(names, replies, strict=True)
        if isinstance(found, Found) and address in tuple(ip_address(value) for value in found.values)
    )
    silent = next(
        (f"{name}: {one.detail}" for name, one in zip(names, replies, strict=True) if isinstance(one, Silent)), None
    )
    return ReverseFindings(names=names, confirmed=confirmed, silent=None if confirmed else silent)


def is_generic(name: str, address: IPv4Address | IPv6Address) -> bool:
    """Whether the name looks like one that a network gave to all its addresses: the address itself stands in it."""
    if address.version == 6:
        digits = address.exploded.replace(":", "")
        return any(part in re.sub(r"[^0-9a-f]", "", name.lower()) for part in (digits, digits[::-1], digits[-16:]))
    numbers = [int(number) for number in re.findall(r"[0-9]+", name)]
    octets = list(address.packed)
    return any(numbers[index : index + 4] in (octets, octets[::-1]) for index in range(len(numbers)))

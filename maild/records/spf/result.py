"""What an SPF evaluation is about and what it came to, as values (RFC 7208 §2.6, §4.1). Pure."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final, TypeAlias

from maild.records.spf.term import SpfFault, SpfVerdict

IpAddress: TypeAlias = IPv4Address | IPv6Address
IpNetwork: TypeAlias = IPv4Network | IPv6Network

STRANGER: Final = IPv4Address("0.0.0.0")  # noqa: S104 -- an address that nobody sends from, so that nothing matches
"""Evaluated for it, a record shows all that it asks and includes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfSender:
    """Who sends: the client's address, the reverse-path (empty for bounces) and the name after EHLO. `receiver` and
    `seconds` (since 1970) are for explanations only.
    """

    client: IpAddress
    local_part: str
    domain: str
    helo: str
    receiver: str = "unknown"
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfResult:
    """What an evaluation came to.

    Attributes:
        lookups: terms that asked DNS; voids: questions that found nothing.
        match: the directive that decided, as it stands in the record; "" when none did.
        fault: with permerror; detail: with temperror.
        passing: domains whose records count with a pass, by `include` and `redirect`, the first being the domain's own.
        networks: that stand in those records with a pass.
        explanation: the domain owner's words for a fail; None when there are none.
    """

    verdict: SpfVerdict
    lookups: int = 0
    voids: int = 0
    match: str = ""
    fault: SpfFault | None = None
    detail: str = ""
    passing: tuple[str, ...] = ()
    networks: tuple[IpNetwork, ...] = ()
    explanation: str | None = None

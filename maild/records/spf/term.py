"""What an SPF record consists of, as values (RFC 7208 §4.6, §5, §6). Pure.

Domain specifications are kept as text with their macros: they mean something only for one sender and one address.
"""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from typing import TypeAlias


class SpfVerdict(StrEnum):
    """What an evaluation comes to (RFC 7208 §2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """`all`: matches always (§5.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """`include`: matches when the other domain's record passes (§5.2)."""

    domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressOf:
    """`a` (§5.3), or with `is_mx` the domain's mail hosts, `mx` (§5.4). `domain` "": the current one."""

    domain: str
    is_mx: bool = False
    ip4_bits: int = 32
    ip6_bits: int = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Ptr:
    """`ptr`: the address's validated names (§5.5). `domain` "": the current one."""

    domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`ip4` and `ip6` (§5.6)."""

    network: IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Exists:
    """`exists`: matches when the name has an address of version 4, whatever it is (§5.7)."""

    domain: str


Mechanism: TypeAlias = All | Include | AddressOf | Ptr | Network | Exists


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """A mechanism with what it gives when it matches; `text` is how it stands in the record."""

    verdict: SpfVerdict
    mechanism: Mechanism
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfRecord:
    """A record that fits the grammar. `redirect` and `exp` are domain specifications."""

    directives: tuple[Directive, ...]
    redirect: str | None = None
    exp: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfFault:
    """Why evaluation ends in an error: the term as it stands in the record of that domain, and what is wrong."""

    domain: str
    term: str
    problem: str

"""What a name server said about a domain's MX records and about their hosts. Silence is an answer of its own. Pure."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class MxRecord:
    """One MX record. `exchange` is in lower case without its final dot; "" is the root, as a null MX has it."""

    preference: int
    exchange: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MxFound:
    """The domain has MX records."""

    records: tuple[MxRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MxAbsent:
    """The domain exists and has no MX record. `name` is the domain, or what its alias (CNAME) leads to."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainAbsent:
    """The domain does not exist (NXDOMAIN)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MxUnanswered:
    """No name server gave an answer; `detail` says how that showed."""

    detail: str


MxAnswer: TypeAlias = MxFound | MxAbsent | DomainAbsent | MxUnanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFound:
    """A host with its addresses, at least one; `alias_of` is the name it is an alias (CNAME) of."""

    addresses: tuple[str, ...]
    alias_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostWithoutAddress:
    """A host that does not exist or has no address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostUnanswered:
    """No name server gave an answer about this host."""

    detail: str


HostAnswer: TypeAlias = HostFound | HostWithoutAddress | HostUnanswered

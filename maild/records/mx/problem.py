"""What can be wrong with MX records, as values without words. Pure."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainNotFound:
    """The domain is in no zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NullMx:
    """The domain says that it takes no mail (RFC 7505 §3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NullMxBesideOthers:
    """A null MX among real ones: a contradiction (RFC 7505 §3); the others count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplicitMx:
    """No MX record: senders use the domain's own address (RFC 5321 §5.1), as for any web server."""

    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMailHost:
    """Neither MX record nor address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeIsAddress:
    """An IP address stands where a host name must; senders look it up as a name and find nothing."""

    exchange: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeNotPublic:
    """A host name that means something only on one machine or one network."""

    exchange: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeIsAlias:
    """The host is a CNAME (RFC 2181 §10.3); most senders follow it, some do not."""

    exchange: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeWithoutAddress:
    """The host does not exist or has no address."""

    exchange: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingTrailingDot:
    """The zone file's final dot was forgotten, so the domain was added to the name; `meant` is the name meant."""

    exchange: str
    meant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateAddress:
    """The host has only addresses that cannot be reached from the internet; normal for a name server that answers
    differently inside a company.
    """

    exchange: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAnswered:
    """Nothing can be said about `name`: no name server answered."""

    name: str
    detail: str


MxProblem: TypeAlias = (
    DomainNotFound
    | NullMx
    | NullMxBesideOthers
    | ImplicitMx
    | NoMailHost
    | ExchangeIsAddress
    | ExchangeNotPublic
    | ExchangeIsAlias
    | ExchangeWithoutAddress
    | MissingTrailingDot
    | PrivateAddress
    | NotAnswered
)

"""A number that a check saw, for whoever draws it over time. Pure."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

FigureName: TypeAlias = Literal[
    "spf_lookups",
    "spf_void_lookups",
    "spf_relay_authorised",
    "dkim_key_bits",
    "dnsbl_listed",
    "dnsbl_indeterminate",
    "dns_resolvers_disagree",
    "dns_resolver_trusted_ad",
    "round_trip_seconds",
    "round_trip_received",
    "round_trip_authentication",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number. `label` is what it is about where a check has several: a selector, a provider, a record type."""

    name: FigureName
    label: str
    value: float

"""From what checks asked of DNS, and from the figures that checks saw, to numbers. Pure."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from maild.net.name_servers import Silence
from maild.observe.catalogue import dns, probe
from maild.observe.metric import MetricInfo
from maild.observe.series import Labels, Series
from maild.probe.arrival import round_trip
from maild.probe.dns.catalogue import DNS_CHECKS
from maild.probe.events import QuestionAsked
from maild.probe.figure import Figure, FigureName
from maild.probe.result import CheckResult, CheckVerdict

SELDOM: Final = frozenset({*(check.name for check in DNS_CHECKS), round_trip.NAME})
"""Checks that are not held anew in every probe: what they came to is shown, and not counted again."""

_METRICS: Final[Mapping[FigureName, MetricInfo]] = MappingProxyType(
    {
        "spf_lookups": dns.SPF_LOOKUPS,
        "spf_void_lookups": dns.SPF_VOIDS,
        "spf_relay_authorised": dns.SPF_RELAY,
        "dkim_key_bits": dns.DKIM_BITS,
        "dnsbl_listed": dns.LISTED,
        "dnsbl_indeterminate": dns.UNTOLD,
        "dns_resolvers_disagree": dns.DISAGREE,
        "dns_resolver_trusted_ad": dns.TRUSTED,
        "round_trip_seconds": probe.ROUND_TRIP_SECONDS,
        "round_trip_received": probe.ROUND_TRIP_RECEIVED,
        "round_trip_authentication": probe.ROUND_TRIP_AUTHENTICATION,
    }
)


def count_question(series: Series, asked: QuestionAsked) -> None:
    """How long it took, and why nobody answered; the other reasons begin at zero."""
    resolver = asked.server or "site"
    series.observe(dns.QUERY_SECONDS, asked.seconds, resolver, asked.rdtype)
    for silence in Silence:
        series.add(dns.FAILURES, resolver, asked.rdtype, silence, amount=1 if silence is asked.silence else 0)


def dns_values(account: str, check: CheckResult) -> Iterator[tuple[MetricInfo, Labels, float]]:
    """The gauges of one check; a list and an address share a figure's label, parted by a space."""
    if check.check in SELDOM and check.verdict is CheckVerdict.INDETERMINATE:
        yield dns.INDETERMINATE, (account, check.check), 1
    for figure in check.figures:
        yield _METRICS[figure.name], _labels(account, figure), figure.value


def _labels(account: str, figure: Figure) -> Labels:
    if figure.name == "dns_resolver_trusted_ad":
        return ()  # of the resolver, whichever account's check found out
    return (account, *figure.label.split())

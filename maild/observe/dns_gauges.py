"""From what checks of DNS asked and saw to numbers. Pure."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from maild.net.name_servers import Silence
from maild.observe.catalogue import dns
from maild.observe.metric import MetricInfo
from maild.observe.series import Labels, Series
from maild.probe.dns.catalogue import DNS_CHECKS
from maild.probe.events import QuestionAsked
from maild.probe.figure import Figure, FigureName
from maild.probe.result import CheckResult, CheckVerdict

DNS_NAMES: Final = frozenset(check.name for check in DNS_CHECKS)

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
    if check.check in DNS_NAMES and check.verdict is CheckVerdict.INDETERMINATE:
        yield dns.INDETERMINATE, (account, check.check), 1
    for figure in check.figures:
        yield _METRICS[figure.name], _labels(account, figure), figure.value


def _labels(account: str, figure: Figure) -> Labels:
    if figure.name == "dns_resolver_trusted_ad":
        return ()  # of the resolver, whichever account's check found out
    return (account, *figure.label.split())

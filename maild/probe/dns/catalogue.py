"""The list of checks of DNS, in reading order. A new one is its file, its line here and its tests. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from maild.probe.dns import (
    address,
    bimi,
    blocklist,
    caa,
    dane,
    dkim,
    dmarc,
    dnssec,
    mta_sts,
    resolvers,
    reverse,
    spf,
    srv,
    tls_rpt,
)
from maild.probe.dns.scene import Scene
from maild.probe.result import CheckResult
from maild.records.dialogue import Dialogue


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsCheck:
    """One check: its name, and the dialogue that makes its result. A check that is not about an account says so."""

    name: str
    check: Callable[[Scene], Dialogue[CheckResult]]


DNS_CHECKS: Final = tuple(
    DnsCheck(name=module.NAME, check=module.check)
    for module in (
        address,
        spf,
        dkim,
        dmarc,
        mta_sts,
        tls_rpt,
        dane,
        reverse,
        blocklist,
        dnssec,
        resolvers,
        caa,
        srv,
        bimi,
    )
)

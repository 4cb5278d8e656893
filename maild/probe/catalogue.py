"""The list of checks, in reading order. A new one is its file, its line here and its tests."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from maild.config.model import Account
from maild.probe import http, mx, smtp
from maild.probe.dns import catalogue as dns
from maild.probe.dns_run import run_dns_check
from maild.probe.result import CheckResult
from maild.probe.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: its name, which accounts it is about, and how it is run."""

    name: str
    applies: Callable[[Account], bool]
    run: Callable[[Subject], Awaitable[CheckResult]]


OWN_CHECKS: Final = (
    Check(name=smtp.NAME, applies=smtp.applies, run=smtp.check),
    Check(name=http.NAME, applies=http.applies, run=http.check),
)
"""Those of the account's own server or service; one of them is about every account."""

OTHER_CHECKS: Final = (Check(name=mx.NAME, applies=mx.applies, run=mx.check),)

DNS_CHECKS: Final = tuple(
    Check(name=check.name, applies=mx.applies, run=partial(run_dns_check, check)) for check in dns.DNS_CHECKS
)
"""For subjects that have a view of DNS; which account they are about they find themselves."""

CHECKS: Final = (*OWN_CHECKS, *OTHER_CHECKS, *DNS_CHECKS)

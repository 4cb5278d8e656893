"""From a check of DNS to a check of the catalogue: a dialogue is held with the view of the subject. Shell code."""

from maild.probe.dns.catalogue import DnsCheck
from maild.probe.result import CheckResult
from maild.probe.subject import Subject


async def run_dns_check(check: DnsCheck, subject: Subject) -> CheckResult:
    """The check of this account; only for subjects that have a view of DNS."""
    assert subject.dns is not None
    return await subject.dns.run(check, subject.account, subject.location)

"""All checks of DNS for 200 domains, through a real unbound before a real NSD: `python -m tests.bench.probe_dns`.

The MX check is among them, which asks by itself; the loop is the daemon's. Every domain has records of its own of every
kind; the first look finds nothing remembered. Says how many questions that took, and what they cost in wall time and in
this process's CPU time: quote the latter where the machine is shared.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from maild.clock import SystemClock
from maild.config.dns_settings import AccountDns
from maild.config.model import Account, DnsSettings, SmtpSettings, Tls, TlsMode
from maild.config.probe_settings import ProbeSettings
from maild.daemon.eventloop import run_on_loop
from maild.net.passwords import Passwords
from maild.net.resolver import Address, Answer, Resolver, SystemResolver
from maild.probe.catalogue import DNS_CHECKS, OTHER_CHECKS
from maild.probe.dns.scene import TestNames
from maild.probe.dns.view import DnsView, view_of
from maild.probe.result import CheckVerdict
from maild.probe.runner import run_checks
from maild.probe.subject import Subject
from tests.peers.name_servers import running_name_servers

DOMAINS = 200
CHECKS = (*OTHER_CHECKS, *DNS_CHECKS)
_KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


def _records(name: str) -> str:
    return f"""
{name} MX 10 mx.{name}
mx.{name} A 192.0.2.1
mail.{name} A 127.0.0.1
{name} TXT "v=spf1 mx include:spf.{name}.good.test -all"
spf.{name} TXT "v=spf1 ip4:198.51.100.0/24 -all"
_dmarc.{name} TXT "v=DMARC1; p=reject; rua=mailto:dmarc@{name}.good.test"
s1._domainkey.{name} TXT "v=DKIM1; k=ed25519; p={_KEY}"
_smtp._tls.{name} TXT "v=TLSRPTv1; rua=mailto:tls@{name}.good.test"
_submissions._tcp.{name} SRV 0 1 465 mail.{name}
"""


def _account(number: int) -> Account:
    domain = f"d{number}.good.test"
    settings = SmtpSettings(host=f"mail.{domain}", port=465, tls=Tls(mode=TlsMode.IMPLICIT))
    dns = AccountDns(dkim_selectors=("s1",), sends_from=("198.51.100.7",))
    return Account(name=f"a{number}", transport=settings, username=f"x@{domain}", dns=dns)


async def _look(view: DnsView, resolver: Resolver, count: int) -> dict[CheckVerdict, int]:
    async def one(number: int) -> list[CheckVerdict]:
        subject = Subject(
            account=_account(number),
            folder=Path(),
            settings=ProbeSettings(),
            resolver=resolver,
            clock=SystemClock(),
            keys=Passwords(),
            memory=None,
            emit=lambda _: None,
            dns=view,
        )
        result = await run_checks(subject, CHECKS)
        return [check.verdict for check in result.checks]

    verdicts = [verdict for ones in await asyncio.gather(*map(one, range(count))) for verdict in ones]
    return {verdict: verdicts.count(verdict) for verdict in CheckVerdict}


class _Counting:
    """A resolver that counts what it is asked."""

    def __init__(self, resolver: Resolver, count: Callable[[], None]) -> None:
        self._resolver = resolver
        self._count = count

    async def addresses(self, host: str, port: int) -> tuple[Address, ...]:
        return await self._resolver.addresses(host, port)

    async def lookup(self, name: str, rdtype: str) -> Answer:
        self._count()
        return await self._resolver.lookup(name, rdtype)


async def _measure(address: str) -> None:
    asked = 0

    def count() -> None:
        nonlocal asked
        asked += 1

    settings = DnsSettings(resolvers=(address,), blocklists=())
    counting = _Counting(SystemResolver([address]), count)
    made = view_of(settings, counting, lambda _: None)
    view = DnsView(answers=made.answers, names=TestNames(signed="good.test", bogus="bogus.test"))
    for what in ("first look", "again"):
        asked = 0
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        verdicts = await _look(view, counting, DOMAINS)
        wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
        words = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items() if count)
        sys.stdout.write(
            f"{what}: {DOMAINS} domains, {len(CHECKS)} checks each, {asked} questions: "
            f"{wall_s:.2f} s wall, {cpu_s:.2f} s cpu ({words})\n"
        )


def main() -> None:
    """Prints two lines, and the load beside them."""
    zone = "".join(_records(f"d{number}") for number in range(DOMAINS))
    with tempfile.TemporaryDirectory(prefix="maild-bench-") as folder:
        zones = {"good.test": zone, "test": "", "bogus.test": "@ MX 10 mx\n"}
        with running_name_servers(Path(folder), zones) as servers:
            run_on_loop(_measure(servers.validating))
    sys.stdout.write(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")


if __name__ == "__main__":
    main()

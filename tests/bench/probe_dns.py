"""All checks of DNS for 200 domains, through a real unbound before a real NSD: `python -m tests.bench.probe_dns`.

Every domain has records of its own of every kind; the first look finds nothing remembered. Says how many questions that
took, and what they cost in wall time and in this process's CPU time: quote the latter where the machine is shared.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from maild.config.dns_settings import AccountDns
from maild.config.model import Account, DnsSettings, SmtpSettings, Tls, TlsMode
from maild.net.resolver import SystemResolver
from maild.probe.dns.catalogue import DNS_CHECKS
from maild.probe.dns.scene import TestNames
from maild.probe.dns.view import DnsView, view_of
from maild.probe.result import CheckVerdict
from tests.peers.name_servers import running_name_servers

DOMAINS = 200
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


async def _look(view: DnsView, count: int) -> dict[CheckVerdict, int]:
    async def one(number: int) -> list[CheckVerdict]:
        account = _account(number)
        results = await asyncio.gather(*(view.run(check, account, lambda _: None) for check in DNS_CHECKS))
        return [result.verdict for result in results]

    verdicts = [verdict for ones in await asyncio.gather(*map(one, range(count))) for verdict in ones]
    return {verdict: verdicts.count(verdict) for verdict in CheckVerdict}


async def _measure(address: str) -> None:
    asked = 0

    def count(_: object) -> None:
        nonlocal asked
        asked += 1

    settings = DnsSettings(resolvers=(address,), blocklists=())
    resolver = SystemResolver([address])
    made = view_of(settings, resolver, count)
    view = DnsView(answers=made.answers, names=TestNames(signed="good.test", bogus="bogus.test"))
    for what in ("first look", "again"):
        asked = 0
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        verdicts = await _look(view, DOMAINS)
        wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
        words = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items() if count)
        sys.stdout.write(
            f"{what}: {DOMAINS} domains, {len(DNS_CHECKS)} checks each, {asked} questions: "
            f"{wall_s:.2f} s wall, {cpu_s:.2f} s cpu ({words})\n"
        )


def main() -> None:
    """Prints two lines, and the load beside them."""
    zone = "".join(_records(f"d{number}") for number in range(DOMAINS))
    with tempfile.TemporaryDirectory(prefix="maild-bench-") as folder:
        zones = {"good.test": zone, "test": "", "bogus.test": "@ MX 10 mx\n"}
        with running_name_servers(Path(folder), zones) as servers:
            asyncio.run(_measure(servers.validating))
    sys.stdout.write(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")


if __name__ == "__main__":
    main()

"""Asks a domain in public which server its mail is sent through: autoconfig, MX and SRV, all at once. Shell code.

Asks DNS, and the domain's web server by HTTPS; no account of anybody is tried. Nothing fails: what is not answered in
time was not said.
"""

import asyncio
from collections.abc import Sequence
from typing import Final, Protocol, assert_never
from urllib.parse import quote

from maild.cli.account_draft import known_host
from maild.cli.found_server import DomainSays
from maild.mail.address import Mailbox
from maild.net.resolver import Answer, NoRecords, NoSuchName, Records, Resolver, Unanswered
from maild.providers import PROVIDERS
from maild.providers.exchanges import provider_of_exchange
from maild.records.autoconfig import MAX_BYTES, AutoconfigServer, parse_autoconfig
from maild.records.srv import SrvRecord, parse_srv
from maild.rules.spelling import nearest

LIFETIME_S: Final = 3.0
"""For one question to DNS: somebody sits there and waits."""


class Fetching(Protocol):
    """Who can fetch a small file."""

    async def fetch(self, url: str, max_bytes: int) -> bytes | None:
        """The file at an https URL; None when there is none to be had."""
        ...


async def ask_domain(address: Mailbox, resolver: Resolver, fetching: Fetching) -> DomainSays:
    """What the domain of the address says; everything is asked at the same time."""
    domain = address.domain
    if domain.startswith("["):
        return DomainSays()
    files, exchanges, implicit, starttls = await asyncio.gather(
        _autoconfig(address, fetching),
        resolver.lookup(domain, "MX"),
        _servers(f"_submissions._tcp.{domain}", resolver),
        _servers(f"_submission._tcp.{domain}", resolver),
    )
    return DomainSays(
        autoconfig=files,
        company_host=_company_host(exchanges, domain),
        implicit=implicit,
        starttls=starttls,
        silence=_silence(exchanges, domain),
    )


async def _autoconfig(address: Mailbox, fetching: Fetching) -> Sequence[AutoconfigServer]:
    """Both places where mail programs look; the first that answers with servers counts."""
    who = quote(str(address), safe="@")
    urls = (
        f"https://autoconfig.{address.domain}/mail/config-v1.1.xml?emailaddress={who}",
        f"https://{address.domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    )
    files = await asyncio.gather(*(fetching.fetch(url, MAX_BYTES) for url in urls))
    found = (parse_autoconfig(data) for data in files if data is not None)
    return next((servers for servers in found if servers), ())


def _silence(answer: Answer, domain: str) -> str:
    """Why nobody could be asked, as a sentence."""
    match answer:
        case NoSuchName():
            known = [mail_domain for provider in PROVIDERS for mail_domain in provider.mail_domains]
            meant = nearest(domain, known)
            return f"DNS knows no domain {domain}." + (f" Did you mean {meant}?" if meant else "")
        case Unanswered():
            return f"No name server told anything of {domain}: the network or the name servers are out of reach."
        case Records() | NoRecords():
            return ""
        case _:
            assert_never(answer)


def _company_host(answer: Answer, domain: str) -> str | None:
    """The usual server of the company that the domain's mail goes to."""
    if not isinstance(answer, Records):
        return None
    for value in sorted(answer.values):
        provider = provider_of_exchange(value.rpartition(" ")[2])
        if provider is not None:
            return known_host(provider, domain)
    return None


async def _servers(name: str, resolver: Resolver) -> tuple[SrvRecord, ...]:
    answer = await resolver.lookup(name, "SRV")
    return parse_srv(answer.values) if isinstance(answer, Records) else ()

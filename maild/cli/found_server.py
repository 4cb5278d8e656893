"""Which server a new account should use, out of what a domain says of itself in three places. Pure.

The order of trust, and why:
1. the domain's autoconfig file: its certificate proves that it is the domain's own word;
2. the mail company that takes the domain's mail (MX): forged DNS could only lead to another company that maild knows;
3. SRV records (RFC 6186, RFC 8314 §5.1): without DNSSEC anybody on the way could have written them. A server within
   the domain, or of a known company, has to prove its name with a certificate; one elsewhere has to be confirmed by the
   person (RFC 6186 §6).
Only servers that encrypt count, on the ports that are meant for submission.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from maild.config.host import Host, parse_host
from maild.mail.address import Mailbox
from maild.providers import IMPLICIT, STARTTLS, ServerPort, provider_of
from maild.records.autoconfig import AutoconfigServer
from maild.records.srv import SrvRecord

PORTS: Final = (ServerPort(port=465, mode=IMPLICIT), ServerPort(port=587, mode=STARTTLS))


class Origin(StrEnum):
    """Where a server was found, in words for the written file."""

    AUTOCONFIG = "the domain's own settings for mail programs (autoconfig, by HTTPS)"
    EXCHANGE = "the mail company that takes the domain's mail (its MX records)"
    SRV = "the domain's SRV records (RFC 6186, RFC 8314), which came without DNSSEC"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundServer:
    """A server that the domain names.

    Attributes:
        port: None: the best that the provider documents.
        username: None: as usual.
        must_confirm: whether a person has to say that it is right.
    """

    host: str
    origin: Origin
    port: ServerPort | None = None
    username: str | None = None
    must_confirm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainSays:
    """What the domain says of itself; empty where it says nothing or nobody could be asked."""

    autoconfig: Sequence[AutoconfigServer] = ()
    company_host: str | None = None
    implicit: Sequence[SrvRecord] = ()
    starttls: Sequence[SrvRecord] = ()
    silence: str = ""
    """Why nobody could be asked, as a sentence; empty where the domain was there to ask."""


def choose_server(says: DomainSays, address: Mailbox) -> FoundServer | None:
    """The most trustworthy server; None when the domain names none."""
    candidates = (*_by_autoconfig(says.autoconfig, address), *_by_company(says), *_by_srv(says, address.domain))
    return next(iter(candidates), None)


def _by_autoconfig(servers: Sequence[AutoconfigServer], address: Mailbox) -> Iterator[FoundServer]:
    for wanted in PORTS:
        for server in servers:
            host, port = _host(server.host), ServerPort(port=server.port, mode=server.mode)
            if host is not None and port == wanted:
                username = _username(server.username, address)
                yield FoundServer(host=host, origin=Origin.AUTOCONFIG, port=port, username=username)


def _by_company(says: DomainSays) -> Iterator[FoundServer]:
    if says.company_host is not None:
        yield FoundServer(host=says.company_host, origin=Origin.EXCHANGE)


def _by_srv(says: DomainSays, domain: str) -> Iterator[FoundServer]:
    for port, records in zip(PORTS, (says.implicit, says.starttls), strict=True):
        for record in records:
            host = _host(record.target)
            if host is not None and record.port == port.port:
                is_near = host == domain or host.endswith(f".{domain}") or provider_of(host) is not None
                yield FoundServer(host=host, origin=Origin.SRV, port=port, must_confirm=not is_near)


def _host(text: str) -> str | None:
    found = parse_host(text)
    return found.name if isinstance(found, Host) and "." in found.name else None


def _username(form: str, address: Mailbox) -> str | None:
    """The login name by its placeholders; None for what is no login name of this address."""
    text = form.replace("%EMAILADDRESS%", str(address)).replace("%EMAILLOCALPART%", address.local)
    return text if text in {str(address), address.local} else None

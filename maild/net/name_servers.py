"""The name servers that are asked: the configured ones or the system's, and what their silence means. Shell code.

The questions are `net.questioner`'s.
"""

import ipaddress
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeAlias

import dns.rcode
import dns.resolver

from maild.net.dns_message import DnsAnswer

Server: TypeAlias = tuple[str, int]
"""Address and port."""

RESOLV_CONF: Final = Path("/etc/resolv.conf")


class Silence(StrEnum):
    """Why nobody could tell."""

    TIMEOUT = "timeout"
    SERVFAIL = "servfail"
    BOGUS = "bogus"
    """The resolver says that signatures do not match (extended errors 6 to 12 of RFC 8914)."""
    REFUSED = "refused"
    FORMERR = "formerr"
    OTHER = "other"


def name_servers(resolvers: Sequence[str]) -> tuple[Server, ...]:
    """These name servers, or the system's where there are none.

    Raises:
        ValueError: one of them is no address.
    """
    if resolvers:
        return tuple(parse_server(text) for text in resolvers)
    try:
        found = dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        # No resolv.conf: what the system's own resolver assumes then, resolv.conf(5).
        return (("127.0.0.1", 53),)
    return tuple((str(server), found.port) for server in found.nameservers)


def may_trust(servers: Sequence[Server], *, is_systems: bool, settings: Path = RESOLV_CONF) -> bool:
    """Whether these name servers' word on DNSSEC counts: nobody stands between, or resolv.conf says so."""
    return all(_is_here(host) for host, _ in servers) or (is_systems and _says_trust_ad(settings))


def _is_here(server: str) -> bool:
    return ipaddress.ip_address(server.partition("%")[0]).is_loopback


def _says_trust_ad(path: Path) -> bool:
    """Whether resolv.conf's options say so; dnspython does not read that one."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    return any(line.split()[:1] == ["options"] and "trust-ad" in line.split() for line in lines)


def silence_of(answer: DnsAnswer) -> Silence:
    """What a server means that says neither yes nor no."""
    # Codes 6 to 12 of RFC 8914 §4 are about signatures: bogus, expired, not yet valid, missing keys or signatures.
    if any(6 <= code <= 12 for code in answer.errors):
        return Silence.BOGUS
    rcodes = {
        dns.rcode.SERVFAIL: Silence.SERVFAIL,
        dns.rcode.REFUSED: Silence.REFUSED,
        dns.rcode.FORMERR: Silence.FORMERR,
    }
    return rcodes.get(answer.rcode, Silence.OTHER)


def parse_server(text: str) -> tuple[str, int]:
    """Address and port of a name server written as `ip`, `ip:port` or `[ip]:port`; the port is 53 when left out.

    Raises:
        ValueError: it is none of these.
    """
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    else:
        host, port = text, ""
    return str(ipaddress.ip_address(host)), int(port or 53)

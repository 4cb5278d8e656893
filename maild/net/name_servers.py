"""The name servers that are asked: the configured ones or the system's, and what their silence means. Shell code.

Makes dnspython's resolvers and reads their failures; the questions are `net.resolver`'s.
"""

import ipaddress
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.resolver

EDNS_PAYLOAD: Final = 1232
"""What passes every path unfragmented (DNS flag day 2020); larger answers come by TCP."""

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


def dns_resolver(resolvers: Sequence[str], lifetime_s: float) -> dns.asyncresolver.Resolver:
    """Asks these name servers, or the system's where there are none.

    Raises:
        ValueError: one of them is no address.
    """
    found = dns.asyncresolver.Resolver(configure=False)
    if resolvers:
        servers = [parse_server(text) for text in resolvers]
        found.nameservers = [host for host, _ in servers]
        found.nameserver_ports = dict(servers)
    else:
        try:
            found = dns.asyncresolver.Resolver()
        except dns.resolver.NoResolverConfiguration:
            # No resolv.conf: what the system's own resolver assumes then, resolv.conf(5).
            found.nameservers = ["127.0.0.1"]
    found.use_edns(0, 0, EDNS_PAYLOAD)
    # AD in a question asks for it in the answer, without the signatures themselves (RFC 6840 §5.7).
    found.set_flags(dns.flags.RD | dns.flags.AD)
    found.lifetime = lifetime_s
    return found


def may_trust(resolver: dns.asyncresolver.Resolver, *, is_systems: bool, settings: Path = RESOLV_CONF) -> bool:
    """Whether these name servers' word on DNSSEC counts: nobody stands between, or resolv.conf says so."""
    return all(_is_here(str(server)) for server in resolver.nameservers) or (is_systems and _says_trust_ad(settings))


def _is_here(server: str) -> bool:
    try:
        return ipaddress.ip_address(server.partition("%")[0]).is_loopback
    except ValueError:
        return False  # DNS over HTTPS has a URL


def _says_trust_ad(path: Path) -> bool:
    """Whether resolv.conf's options say so; dnspython does not read that one."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    return any(line.split()[:1] == ["options"] and "trust-ad" in line.split() for line in lines)


def silences_of(error: dns.resolver.NoNameservers) -> tuple[Silence, ...]:
    """What each of the name servers said, as dnspython keeps it."""
    return tuple(_silence(one[4]) for one in error.kwargs.get("errors", ()))


def _silence(response: dns.message.Message | None) -> Silence:
    if response is None:
        return Silence.OTHER
    # Codes 6 to 12 of RFC 8914 §4 are about signatures: bogus, expired, not yet valid, missing keys or signatures.
    if any(6 <= error.code <= 12 for error in response.extended_errors()):
        return Silence.BOGUS
    rcodes = {
        dns.rcode.SERVFAIL: Silence.SERVFAIL,
        dns.rcode.REFUSED: Silence.REFUSED,
        dns.rcode.FORMERR: Silence.FORMERR,
    }
    return rcodes.get(response.rcode(), Silence.OTHER)


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

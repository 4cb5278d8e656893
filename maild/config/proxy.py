"""The proxy on the way to an account's server, `socks5://host:port` or `http://host:port`. Grammar only.

A login has no place in it: it would be a secret in a file that is meant to be read.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from maild.config.host import Host, parse_host

_PROXY: Final = re.compile(
    r"(?P<kind>[A-Za-z][A-Za-z0-9+.-]*)://(?P<host>\[[^\]]*\]|[^:/@\[\]]*):(?P<port>[0-9]{1,5})/?"
)


class ProxyKind(StrEnum):
    """What it speaks."""

    SOCKS5 = "socks5"
    """RFC 1928; it looks names up itself."""
    HTTP = "http"
    """CONNECT (RFC 9110 §9.3.6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """Where it is and what it speaks."""

    kind: ProxyKind
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.kind.value}://{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoProxy:
    """None that maild could use; `problem` says why."""

    problem: str


def parse_proxy(text: str) -> Proxy | NoProxy:
    """The proxy that a text means."""
    if "@" in text:
        return NoProxy(problem="a proxy that wants a login is not supported, and a password has no place in this file")
    found = _PROXY.fullmatch(text)
    if found is None:
        return NoProxy(problem="write socks5://host:port or http://host:port")
    scheme = found["kind"].lower()
    if scheme not in set(ProxyKind):
        return NoProxy(problem="a proxy is socks5:// or http://")
    host, port = parse_host(found["host"]), int(found["port"])
    if not isinstance(host, Host):
        return NoProxy(problem="what stands before the port is no host name and no IP address")
    if not 0 < port < 65536:
        return NoProxy(problem="a port is a number from 1 to 65535")
    return Proxy(kind=ProxyKind(scheme), host=host.name, port=port)

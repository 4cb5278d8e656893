"""The proxy on the way to an account's server, `socks5://host:port` or `http://host:port`. Grammar only.

A login has no place in that text: it would be a secret in a file that is meant to be read. It stands beside it, its
password as a reference.
"""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePath
from typing import Final, Self

from maild.config.host import Host, parse_host
from maild.secret import SecretReference

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
class ProxyLogin:
    """What a proxy wants to know first; `folder`, which no file says, is what a relative path counts from."""

    username: str
    password: SecretReference
    folder: PurePath = field(default_factory=PurePath, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """Where it is and what it speaks."""

    kind: ProxyKind
    host: str
    port: int
    login: ProxyLogin | None = None

    def at(self, folder: PurePath) -> Self:
        """The same, as it stands in the file of an account in this folder."""
        return self if self.login is None else replace(self, login=replace(self.login, folder=folder))

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
        return NoProxy(problem="a login does not stand in the address of a proxy but beside it, in `proxy_login`")
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

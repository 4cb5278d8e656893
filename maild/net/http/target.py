"""Where a request may go: https anywhere, plain http on this machine only. Pure."""

import ipaddress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from maild.mail.phase import Phase
from maild.net.step import NetError, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The parts of a URL that matter for the connection."""

    host: str
    port: int
    is_encrypted: bool

    @classmethod
    def of(cls, url: str) -> Self:
        """The target of a URL.

        Raises:
            NetError: Phase.CONNECT; Reason.CLEARTEXT for plain http to somewhere else, Reason.LOCAL for no usable URL.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port, parts = None, None, urlsplit("")
        if not host or parts.scheme not in {"https", "http"}:
            raise NetError(Phase.CONNECT, Reason.LOCAL, "the URL is not of the form https://host/path")
        is_encrypted = parts.scheme == "https"
        if not is_encrypted and not is_loopback_host(host):
            raise NetError(
                Phase.CONNECT, Reason.CLEARTEXT, f"nothing is sent to {host}, because http is not encrypted: use https"
            )
        return cls(host=host, port=port or (443 if is_encrypted else 80), is_encrypted=is_encrypted)


def is_loopback_host(host: str) -> bool:
    """Whether that host is this machine, by its name or number alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        # RFC 6761 §6.3
        name = host.rstrip(".").lower()
        return name == "localhost" or name.endswith(".localhost")

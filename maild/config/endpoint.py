"""Network endpoints in maild.yaml: where the web server listens, which name servers are asked. Grammar only."""

import re
from ipaddress import ip_address
from typing import Final

from maild.config.host import Host, parse_host

_HOST_PORT: Final = re.compile(r"(?P<host>\[[^\]]+\]|[^:\[\]]+):(?P<port>[0-9]{1,5})")
_UNIX: Final = "unix:"


def listen_problem(text: str) -> str | None:
    """What is wrong with an address to listen on, `host:port` or `unix:/path`; None when nothing is. Port 0: any."""
    if text.startswith(_UNIX):
        path = text.removeprefix(_UNIX)
        return None if path.startswith("/") and path.isprintable() else "after unix: stands the whole path of a socket"
    found = _HOST_PORT.fullmatch(text)
    if found is None:
        return "write host:port, such as 127.0.0.1:9725, or unix:/run/maild/web.sock"
    if int(found["port"]) > 65535:
        return "a port is a number up to 65535"
    host = parse_host(found["host"])
    return None if isinstance(host, Host) else "what stands before the port is no host name and no IP address"


def resolver_problem(text: str) -> str | None:
    """What is wrong with a name server, `ip`, `ip:port` or `[ip]:port`; None when nothing is."""
    if _is_address(text):
        return None
    found = _HOST_PORT.fullmatch(text)
    if found is None or not _is_address(found["host"].strip("[]")):
        return "write the IP address of a name server, such as 192.0.2.53 or [2001:db8::53]:53"
    return None if 0 < int(found["port"]) < 65536 else "a port is a number from 1 to 65535"


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True

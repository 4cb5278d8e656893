"""Whether a request names this server by a name that is its own (RFC 9110 §7.4). Pure.

A web page anywhere can have a name of its own lead to 127.0.0.1 or to an address of the local network, and then read
what a server there answers to that name (DNS rebinding). An address cannot be led astray, a name that we know neither.
"""

import ipaddress
from collections.abc import Collection

from maild.observe.command import is_loopback


def may_ask(local_address: str | None, host: str, names: Collection[str] = ()) -> bool:
    """Whether a request to this address of ours may be answered.

    Args:
        local_address: where it came to; None: a Unix socket, which no browser reaches.
        host: its Host header.
        names: our own besides `localhost`, in small letters.
    """
    if local_address is None:
        return True
    name = bare_host(host)
    if name == "localhost" or name in names:
        return True
    if is_loopback(local_address):
        return is_loopback(name)
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def bare_host(host: str) -> str:
    """A Host header without port, brackets and final dot, in small letters."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.removeprefix("[").removesuffix("]").lower().rstrip(".")

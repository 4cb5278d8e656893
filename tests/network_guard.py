"""No test leaves this machine: sockets may only connect, bind and send to loopback, or be local by nature.

By the interpreter's own audit events, so nothing is patched and no library is missed.
"""

import ipaddress
import socket
import sys


class NetworkRefusedError(Exception):
    """A test wanted to talk to something that is not this machine."""


def install() -> None:
    """Guard this process for good; an audit hook cannot be removed."""
    sys.addaudithook(_guard)


def _is_local_name(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in {"localhost", "ip6-localhost"} or host.endswith(".localhost")


def _may_use(event: str, sock: socket.socket, address: object) -> bool:
    if sock.family not in {socket.AF_INET, socket.AF_INET6} or not isinstance(address, tuple):
        return True
    host, port = str(address[0]), address[1]
    if event == "socket.bind" and sock.type == socket.SOCK_DGRAM and port == 0:
        return True  # the near end of a datagram conversation; where it goes to is judged by itself
    return _is_local_name(host)


def _guard(event: str, args: tuple[object, ...]) -> None:
    """Refuse everything but loopback, by the interpreter's own audit events: nothing is patched."""
    if event not in {"socket.connect", "socket.bind", "socket.sendto"}:
        return
    sock, address = args[0], args[1]
    if isinstance(sock, socket.socket) and not _may_use(event, sock, address):
        raise NetworkRefusedError(f"{event} {address!r}: tests talk to loopback only")

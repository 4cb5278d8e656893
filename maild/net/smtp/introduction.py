"""How we introduce ourselves in EHLO (RFC 5321 §4.1.1.1, §4.1.4).

A name that does not exist is worse than none: servers check it. So it is this machine's full name where it has one, and
else the address literal that the RFC has for machines without a name. No name server is asked.
"""

import ipaddress
import re
from typing import Final

_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_FULL_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})+", re.ASCII)
_NOT_PUBLIC: Final = (".localdomain", ".local", ".localhost", ".internal", ".lan", ".home", ".home.arpa")
"""Endings that stand in /etc/hostname of machines nobody gave a name to."""


def introduction(configured: str | None, *, machine_name: str, own_address: str) -> str:
    """What to say after EHLO.

    Args:
        configured: wins when there is one.
        machine_name: the machine's own name, full or not.
        own_address: the IP address of our end of the connection.
    """
    if configured is not None:
        return configured
    name = machine_name.rstrip(".").lower()
    if _FULL_NAME.fullmatch(name) and len(name) <= 253 and not name.endswith(_NOT_PUBLIC) and not _is_address(name):
        return name
    ip = ipaddress.ip_address(own_address.partition("%")[0])
    # RFC 5321 §4.1.3: an IPv6 literal is tagged.
    return f"[IPv6:{ip}]" if ip.version == 6 else f"[{ip}]"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True

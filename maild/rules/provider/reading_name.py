"""Servers that say by their name alone that mail is read there: `imap.shop.example`, `pop.shop.example`. Pure.

Only servers of nobody that maild knows: of a mail company's its own facts tell. A name is no proof, for one machine may
do both; with a port for reading mail it is.
"""

from typing import Final

from maild.config.host import is_loopback
from maild.providers import READING_NAMES

READING_PORTS: Final = {110: "POP3", 143: "IMAP", 993: "IMAP", 995: "POP3"}
"""The ports at which mail is read (RFC 8314 §3.2 and §3.3, RFC 1939, RFC 9051)."""


def reading_server(host: str | None, port: int | None) -> str | None:
    """The protocol that mail is read by at this server, where both its name and the port say so."""
    return None if host is None or port not in READING_PORTS else reading_name(host)


def reading_name(host: str) -> str | None:
    """The protocol that the name speaks of; None for other names, and for a domain that is called so itself."""
    first, _, rest = host.lower().partition(".")
    return None if "." not in rest or is_loopback(host) else READING_NAMES.get(first)

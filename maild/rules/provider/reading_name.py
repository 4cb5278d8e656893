"""Servers that say by their name alone that mail is read there: `imap.shop.example`, `pop.shop.example`. Pure.

Only servers of nobody that maild knows: of a mail company's its own facts tell. A name is no proof, so whoever says
something of it gives a hint only.
"""

from typing import Final

from maild.config.host import is_loopback

_READING: Final = {"imap": "IMAP", "imap4": "IMAP", "imaps": "IMAP", "pop": "POP3", "pop3": "POP3", "pop3s": "POP3"}


def reading_name(host: str) -> str | None:
    """The protocol that the name speaks of; None for other names, and for a domain that is called so itself."""
    first, _, rest = host.lower().partition(".")
    return None if "." not in rest or is_loopback(host) else _READING.get(first)

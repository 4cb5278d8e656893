"""Domains as addresses and host names have them: ASCII labels, internationalised names, address literals.

Grammar only; nothing is looked up. RFC 5321 §4.1.2 and §4.1.3 (domain, address literal), RFC 1035 §2.3.4 (label and
name length), RFC 5890 and UTS 46 (internationalised names). What can go wrong is one `DomainError`.
"""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

from maild.errors import PermanentError

MAX_DOMAIN_OCTETS: Final = 255
"""RFC 5321 §4.5.3.1.2."""

MAX_LABEL_OCTETS: Final = 63
"""RFC 1035 §2.3.4."""

_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_STRANGER: Final = re.compile(r"[^a-z0-9.-]")
_IPV6_TAG: Final = "ipv6:"


class DomainError(PermanentError, ValueError):
    """The text is no domain. `problem` says what is wrong, `position` is the character concerned, from 1."""

    def __init__(self, problem: str, position: int) -> None:
        super().__init__(f"{problem} (character {position})")
        self.problem = problem
        self.position = position


def parse_domain(text: str) -> str:
    """The domain in lower case and ASCII form (A-labels), such as `xn--bcher-kva.example` for `bücher.example`.

    Raises:
        DomainError: it is no domain; an IP address is none either.
    """
    if not text:
        raise DomainError("the domain is empty", 1)
    # Before the costly part: hostile input may be long. The ASCII form is held to a like limit by idna.
    if len(text) > MAX_DOMAIN_OCTETS:
        raise DomainError(f"the domain is longer than {MAX_DOMAIN_OCTETS} octets", MAX_DOMAIN_OCTETS + 1)
    # UTS 46 drops what cannot be seen, so `exam<zero width space>ple.com` would be taken for what it only looks like.
    if not text.isprintable():
        index, char = next((index, char) for index, char in enumerate(text) if not char.isprintable())
        raise DomainError(f"a domain cannot contain {name_char(char)}", index + 1)
    domain = (text if text.isascii() else _to_ascii(text)).lower()
    _check_labels(domain)
    return domain


def parse_address_literal(text: str) -> str:
    """An address literal with its brackets (RFC 5321 §4.1.3) in its one canonical spelling.

    Raises:
        DomainError: what stands in the brackets is no IP address.
    """
    inner = text[1:-1]
    try:
        if inner.lower().startswith(_IPV6_TAG):
            address = IPv6Address(inner[len(_IPV6_TAG) :])
            if address.scope_id is not None:
                raise DomainError("an address literal takes no scope such as %eth0", text.index("%") + 1)
            return f"[IPv6:{address.compressed}]"
        return f"[{IPv4Address(inner)}]"
    except AddressValueError:
        problem = "the brackets hold no IP address: write [192.0.2.1] or [IPv6:2001:db8::1]"
        raise DomainError(problem, 2) from None


def _to_ascii(text: str) -> str:
    # Imported here: its tables are large, and nearly every domain is ASCII.
    import idna  # noqa: PLC0415

    try:
        return idna.encode(text, uts46=True, std3_rules=True).decode("ascii")
    except UnicodeError:
        position = next(index for index, char in enumerate(text, 1) if not char.isascii())
        raise DomainError("the domain is no valid internationalised name", position) from None


def _check_labels(domain: str) -> None:
    stranger = _STRANGER.search(domain)
    if stranger is not None:
        raise DomainError(f"a domain cannot contain {name_char(stranger[0])}", stranger.start() + 1)
    position = 1
    for label in domain.split("."):
        if not label:
            raise DomainError("a dot has no name beside it", max(position - 1, 1))
        if len(label) > MAX_LABEL_OCTETS:
            raise DomainError(f"a part of the domain is longer than {MAX_LABEL_OCTETS} octets", position)
        if _LABEL.fullmatch(label) is None:
            raise DomainError("a part of a domain cannot begin or end with a hyphen", position)
        position += len(label) + 1
    # No top-level domain is all digits (RFC 3696 §2): this is an IP address, or a piece of one.
    last = domain.rpartition(".")[2]
    if last.isdigit():
        raise DomainError("an IP address stands in brackets here, such as [192.0.2.1]", 1)


def name_char(char: str) -> str:
    """A character in words for a message: itself when it can be seen, else its code point."""
    if char == " ":
        return "a space"
    if char == "\t":
        return "a tab"
    return f'"{char}"' if char.isprintable() else f"U+{ord(char):04X}"

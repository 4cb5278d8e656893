"""Macros in SPF records (RFC 7208 §7). Pure.

Expands text that the grammar has accepted. `%{p}` needs DNS; the caller finds that name out first and hands it in.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Final
from urllib.parse import quote

_MACRO: Final = re.compile(r"%(?:\{([a-z])([0-9]*)(r?)([-.+,/_=]*)\}|([%_-]))", re.IGNORECASE | re.ASCII)
_PLAIN: Final = {"%": "%", "_": " ", "-": "%20"}
_P: Final = re.compile(r"%\{p", re.IGNORECASE | re.ASCII)

MAX_NAME: Final = 253
"""A longer name loses labels on its left (§7.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroValues:
    """What the letters stand for in one evaluation.

    Attributes:
        domain: that whose record is evaluated, which `include` and `redirect` change.
        receiver: who evaluates; `seconds` since 1970: both only for explanations.
        validated_name: of the client, for `%{p}`.
    """

    client: IPv4Address | IPv6Address
    local_part: str
    sender_domain: str
    domain: str
    helo: str
    receiver: str = "unknown"
    seconds: int = 0
    validated_name: str = "unknown"


def needs_validated_name(text: str) -> bool:
    """Whether `%{p}` stands in it."""
    return _P.search(text) is not None


def expand(text: str, values: MacroValues) -> str:
    """The text with its macros replaced."""

    def replace(found: re.Match[str]) -> str:
        if found[5]:
            return _PLAIN[found[5]]
        value = _transform(_value(found[1].lower(), values), found[2], found[3], found[4])
        return quote(value, safe="-._~") if found[1].isupper() else value

    return _MACRO.sub(replace, text)


def expand_name(text: str, values: MacroValues) -> str:
    """The domain name that the text stands for: without its final dot, short enough."""
    name = expand(text, values).removesuffix(".")
    while len(name) > MAX_NAME and "." in name:
        name = name.partition(".")[2]
    return name


def _value(letter: str, values: MacroValues) -> str:
    meanings = {
        "s": f"{values.local_part}@{values.sender_domain}",
        "l": values.local_part,
        "o": values.sender_domain,
        "d": values.domain,
        "i": _dotted(values.client),
        "p": values.validated_name,
        "v": "in-addr" if values.client.version == 4 else "ip6",
        "h": values.helo,
        "c": str(values.client),
        "r": values.receiver,
        "t": str(values.seconds),
    }
    return meanings[letter]


def _dotted(client: IPv4Address | IPv6Address) -> str:
    if client.version == 4:
        return str(client)
    return ".".join(client.exploded.replace(":", "").upper())


def _transform(value: str, digits: str, reverse: str, delimiters: str) -> str:
    parts = re.split(f"[{re.escape(delimiters or '.')}]", value)
    if reverse:
        parts.reverse()
    if digits:
        parts = parts[-int(digits) :]
    return ".".join(parts)

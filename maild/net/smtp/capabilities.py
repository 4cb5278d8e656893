"""What a server offers: its answer to EHLO (RFC 5321 §4.1.1.1) as a value. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Self

MAX_KEYWORDS: Final = 200

_KEYWORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*", re.ASCII)
_SIZE: Final = re.compile(r"[0-9]{1,20}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """The extensions offered. Keywords are upper case; parameters as written.

    Attributes:
        greeting: how the server calls itself.
        extensions: keyword to its parameters.
        mechanisms: names of SASL mechanisms, upper case, in the server's order.
    """

    greeting: str = ""
    extensions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    mechanisms: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """From the text of the reply, lines joined by newlines, without codes.

        Lines that are no extension are passed over: servers do send empty ones and remarks.
        """
        greeting, *lines = text.split("\n")
        extensions: dict[str, str] = {}
        mechanisms: dict[str, None] = {}
        for line in lines[:MAX_KEYWORDS]:
            # Old servers write AUTH=LOGIN beside or instead of AUTH LOGIN.
            keyword, _, parameters = re.sub(r"^(?i:auth)=", "AUTH ", line.strip()).partition(" ")
            if _KEYWORD.fullmatch(keyword) is None:
                continue
            if keyword.upper() == "AUTH":
                mechanisms |= dict.fromkeys(parameters.upper().split())
            extensions[keyword.upper()] = parameters.strip()
        return cls(greeting=greeting.strip(), extensions=MappingProxyType(extensions), mechanisms=tuple(mechanisms))

    def offers(self, keyword: str) -> bool:
        """Whether that extension is offered; `keyword` in upper case."""
        return keyword in self.extensions

    def without(self, keyword: str) -> Self:
        """The same, but for one extension that turned out not to work."""
        return replace(self, extensions={name: text for name, text in self.extensions.items() if name != keyword})

    @property
    def size_limit(self) -> int | None:
        """The largest message the server takes, in octets; None: not said, or no fixed limit (RFC 1870 §4)."""
        text = self.extensions.get("SIZE", "")
        size = int(text) if _SIZE.fullmatch(text) else 0
        return size or None

    def __str__(self) -> str:
        return ", ".join(" ".join((name, *self.extensions[name].split())) for name in self.extensions)

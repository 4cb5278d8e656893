"""Authentication-Results: what the server that took a message in found out about its sender (RFC 8601). Pure.

Anybody can write such a field; the receiver's own stands above all others, since each server adds its fields on top
(RFC 8601 §5). So the topmost is read, and those right below it that name the same server; what stands further down is
not believed. Hostile input: what cannot be read gives no result, never an exception.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Self

FIELD: Final = "authentication-results"
MAX_CHARS: Final = 20_000
MAX_RESULTS: Final = 50

_METHOD: Final = re.compile(r"([a-z0-9][a-z0-9-]*)\s*(?:/\s*\d+\s*)?=\s*([a-z0-9]+)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationResults:
    """What the receiver says. `results` maps a method, such as spf, to its results in their order, in small letters."""

    server: str = ""
    results: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, fields: Sequence[tuple[str, str]]) -> Self | None:
        """From a message's header fields in their order, names and values; None: there is no such field that can be
        read.
        """
        server, found = "", dict[str, tuple[str, ...]]()
        for name, value in fields:
            if name.lower() != FIELD:
                if server:
                    break
                continue
            first, *infos = _parts(value)
            says = (first.split() or [""])[0].lower()
            if not says or (server and says != server):
                break
            server = says
            for info in infos[:MAX_RESULTS]:
                match = _METHOD.match(info)
                if match is not None:
                    method = match[1].lower()
                    found[method] = (*found.get(method, ()), match[2].lower())
        return cls(server=server, results=MappingProxyType(found)) if server else None

    def best(self, method: str) -> str | None:
        """The result of a method: one pass is enough, of two signatures for example; None: it was not tried."""
        results = self.results.get(method, ())
        return "pass" if "pass" in results else (results[0] if results else None)


def _parts(value: str) -> list[str]:
    """The value without comments, cut at the semicolons outside of quotes."""
    parts, depth, is_quoted, is_escaped = [""], 0, False, False
    for char in value[:MAX_CHARS]:
        if is_escaped:
            is_escaped = False
        elif char == "\\" and (is_quoted or depth):
            is_escaped = True
            continue
        elif char == '"' and not depth:
            is_quoted = not is_quoted
            continue
        elif not is_quoted and char in "()":
            depth = max(0, depth + (1 if char == "(" else -1))
            continue
        elif char == ";" and not is_quoted and not depth:
            parts.append("")
            continue
        if not depth:
            parts[-1] += char
    return [" ".join(part.split()) for part in parts]

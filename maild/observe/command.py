"""What may be asked of the daemon over its web port besides telling: to read its configuration now. Pure.

Who may: a program on this machine, on a Unix socket or a loopback address. A browser may not, whatever page it shows:
any page of the world can make it send a POST to 127.0.0.1 (cross-site request forgery), and what browsers send says so.
"""

import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from maild.diagnostics import Diagnostic

_BROWSERS_SEND: Final = ("Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Referer")
"""Fetch standard: each request of a page has one of these at least, every POST has `Origin`."""

SHOWN: Final = 50
"""So many diagnostics are told in one answer; the status has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadAnswer:
    """What came of it: the generation in force, and what keeps something on disk from being in force."""

    generation: int
    is_clean: bool
    problem: str
    diagnostics: tuple[Diagnostic, ...]

    def text(self, show: Callable[[str], str]) -> str:
        """The answer for a person; `show` veils what may hold an address."""
        lines = [f"generation {self.generation} is in force"]
        if self.is_clean:
            return f"{lines[0]}\n"
        lines[0] += ", but not everything that is on disk"
        if self.problem:
            lines.append(self.problem)
        lines += (_line(diagnostic, show) for diagnostic in self.diagnostics[:SHOWN])
        return "\n".join(lines) + "\n"


class Reloading(Protocol):
    """The daemon, as far as it can be told to reload."""

    @property
    def is_allowed(self) -> bool:
        """Whether the site wants it at all."""
        ...

    def reload(self) -> Awaitable[ReloadAnswer]:
        """Read the configuration now; answers when what is good of it is in force."""
        ...


def refusal(local_address: str | None, headers: Mapping[str, str], *, is_allowed: bool) -> str:
    """Why a command is refused, a sentence; empty when it is not. `local_address` None: a Unix socket."""
    if not is_allowed:
        return "This is switched off. Write `reload: {http: true}` in maild.yaml to switch it on, or send SIGHUP."
    if local_address is not None and not is_loopback(local_address):
        return "Commands are taken on a loopback address or a Unix socket only."
    if any(name in headers for name in _BROWSERS_SEND):
        return "Commands are for programs; this request comes from a web page."
    return ""


def is_loopback(text: str) -> bool:
    """Whether this is an address of the machine itself."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def _line(diagnostic: Diagnostic, show: Callable[[str], str]) -> str:
    location = diagnostic.location
    span = location.span if location is not None else None
    point = "" if span is None else f":{span.line}:{span.column}"
    place = "" if location is None else f"{location.file}{point}: "
    return f"{place}{diagnostic.severity}[{diagnostic.code}] {show(diagnostic.message)}"

"""Host names and addresses as people write them into a configuration. Grammar only; nothing is looked up."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, TypeAlias

from maild.mail.domain import DomainError, name_char, parse_domain

_SCHEME: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>.*)", re.DOTALL)
_HOST_PORT: Final = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*):(?P<port>[0-9]{1,5})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A host name in lower case and ASCII form, or an IP address without brackets."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostAndMore:
    """A host with what does not belong to it: a scheme, a port, a path."""

    name: str
    port: int | None
    scheme: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoHost:
    """No host; `problem` says why."""

    problem: str


HostText: TypeAlias = Host | HostAndMore | NoHost


def parse_host(text: str) -> HostText:
    """What a text is when it should be a host and nothing else."""
    name, problem = _parse_name(text)
    if name is not None:
        return Host(name=name)
    scheme, rest = None, text
    if (with_scheme := _SCHEME.fullmatch(text)) is not None:
        scheme, rest = with_scheme["scheme"].lower(), with_scheme["rest"]
    rest, slash, _ = rest.partition("/")
    port = None
    if (with_port := _HOST_PORT.fullmatch(rest)) is not None:
        rest, port = with_port["host"], int(with_port["port"])
    inner, _ = _parse_name(rest)
    is_more = scheme is not None or port is not None or bool(slash)
    if inner is not None and is_more and (port is None or 0 < port < 65536):
        return HostAndMore(name=inner, port=port, scheme=scheme)
    return NoHost(problem=problem)


def is_loopback(host: str) -> bool:
    """Whether a host, by its name alone, is this machine (RFC 6761 §6.3 for names)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _parse_name(text: str) -> tuple[str | None, str]:
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") and ":" in text else text
    try:
        return str(ip_address(bare)), ""
    except ValueError:
        pass
    if text.endswith(".") and len(text) > 1:
        return None, "it ends with a dot"
    if text.rpartition(".")[2].isdigit() and "." in text:
        return None, "it looks like an IP address and is none"
    try:
        return parse_domain(text), ""
    except DomainError as error:
        return None, _problem(text, error)


def _problem(text: str, error: DomainError) -> str:
    if text != text.strip():
        return "it begins or ends with a blank"
    if not text.isprintable():
        char = next(char for char in text if not char.isprintable())
        return f"it contains {name_char(char)}, which cannot be seen"
    return error.problem.replace("the domain", "the name", 1).replace("a domain", "a host name", 1)

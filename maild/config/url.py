"""The URL of a mail service as people write it. Grammar only."""

import re
from dataclasses import dataclass
from typing import Final

from maild.config.host import Host, HostAndMore, NoHost, parse_host

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_SLASHES_MISSING: Final = re.compile(r"https?:/?(?=[^/0-9])", re.IGNORECASE)
_LOGIN: Final = re.compile(r"(?<=://).*@|^(?!.*://).*@", re.DOTALL)
_TAIL: Final = re.compile(r"([?#]).+", re.DOTALL)
_AUTHORITY_END: Final = re.compile(r"[/?#]|\Z")

HIDDEN: Final = "••••"
HOLDS_LOGIN: Final = "it holds login data"
"""The problem of a URL with a user name or a password in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeUrl:
    """A URL with its scheme, the host in ASCII form."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoUrl:
    """No usable URL. `shown` is the text without secrets, `suggestion` what was probably meant, or empty."""

    shown: str
    problem: str
    suggestion: str = ""


def parse_url(text: str) -> WholeUrl | NoUrl:
    """The whole URL; a text without a scheme means https. Whether http will do is not judged here."""
    if not text.isprintable() or " " in text:
        return NoUrl(shown=public_url(text), problem="it contains a blank or something that cannot be seen")
    if (found := _SLASHES_MISSING.match(text)) is not None and "://" not in text:
        suggestion = f"https://{public_url(text[found.end() :])}"
        return NoUrl(
            shown=public_url(text), problem="the two slashes after the colon are missing", suggestion=suggestion
        )
    scheme, rest = "https", text
    if (with_scheme := _SCHEME.fullmatch(text)) is not None:
        scheme, rest = with_scheme[1].lower(), with_scheme[2]
    if scheme not in {"http", "https"}:
        suggestion = f"https://{public_url(rest)}"
        return NoUrl(shown=public_url(text), problem=f'"{scheme}" is no web address', suggestion=suggestion)
    return _parse_rest(text, scheme, rest)


def _parse_rest(text: str, scheme: str, rest: str) -> WholeUrl | NoUrl:
    end = _AUTHORITY_END.search(rest)
    assert end is not None
    authority, path = rest[: end.start()], rest[end.start() :]
    if "@" in authority:
        suggestion = f"{scheme}://{public_url(rest)}"
        return NoUrl(shown=public_url(text), problem=HOLDS_LOGIN, suggestion=suggestion)
    if "#" in path or not path.isascii():
        problem = 'what follows the host holds "#" or characters that a URL has to encode'
        return NoUrl(shown=public_url(text), problem=problem)
    match parse_host(authority):
        case Host(name=name):
            return WholeUrl(url=f"{scheme}://{_bracketed(name)}{path}")
        case HostAndMore(name=name, port=int(port), scheme=None):
            return WholeUrl(url=f"{scheme}://{_bracketed(name)}:{port}{path}")
        case NoHost(problem=problem):
            return NoUrl(shown=public_url(text), problem=f"the host is wrong: {problem}")
        case _:
            return NoUrl(shown=public_url(text), problem="the host is wrong: it contains a second URL")


def public_url(text: str) -> str:
    """The text without its secrets: all before its last "@", for a password may hold any of the signs of a URL, and
    what stands behind the path, where services take keys.
    """
    login = _LOGIN.search(text)
    bare = text if login is None else text[: login.start()] + text[login.end() :]
    return _TAIL.sub(f"\\1{HIDDEN}", bare, count=1)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host

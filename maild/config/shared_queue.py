"""The queue that many hosts share: where its database is, as a libpq URI. Grammar only.

A password has no place in that text: it would be a secret in a file that is meant to be read. It stands beside it, as a
reference. Which parameters there are is the business of libpq, which says so when it is asked to connect.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from maild.secret import SecretReference

_URI: Final = re.compile(
    r"(?:postgresql|postgres)://(?:(?P<login>[^/?#]*)@)?(?P<place>[^/?#@]*)(?:/(?P<database>[^?#]*))?(?:\?(?P<more>[^#]*))?"
)
_SECRETS: Final = frozenset({"password", "sslpassword"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedQueue:
    """Where it is, and what its password is found by; None: a passfile or a certificate does, or nothing is asked."""

    uri: str
    password: SecretReference | None = None


def uri_problem(text: str) -> str | None:
    """What is wrong with it; None when nothing is."""
    if not text.isprintable() or " " in text:
        return "it contains a blank or something that cannot be seen; libpq writes %20"
    found = _URI.fullmatch(text)
    if found is None:
        return "write postgresql://USER@HOST/DATABASE, several hosts with commas between them"
    if not found["database"] and "dbname" not in _parameters(found["more"]):
        return "it names no database: write /DATABASE behind the host"
    return None


def holds_password(text: str) -> bool:
    """Whether a password stands in it."""
    found = _URI.fullmatch(text)
    if found is None:
        # What cannot be read may be anything.
        return "://" in text and ":" in text.partition("://")[2].rpartition("@")[0]
    return ":" in (found["login"] or "") or not _SECRETS.isdisjoint(_parameters(found["more"]))


def _parameters(query: str | None) -> dict[str, str]:
    return {name.lower(): value for name, value in parse_qsl(query or "", keep_blank_values=True)}

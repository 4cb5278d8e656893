"""Secrets that no key tells: where a login and a password are one text, and where a reference never became one. Pure.

user: billing:secret              curl's way of a login
credential: secret                at the margin, where it is no reference of ours
password: {env: secret            in a file that is no YAML, in which nothing is known to be the name of a variable
"""

import re
from collections.abc import Iterator
from typing import Final

_LOGIN: Final = re.compile(
    r"""(?:^|[{,])[ \t]*["']?(?:smtp[_-]?)?(?:user(?:[_-]?(?:name|pwd))?|login|auth)["']?[ \t]*:[ \t]+["']?"""
    r"""(?!(?:mailto|smtps?|https?):)[^\s:"'{}\[\],#/]+:(?=[^\s/"'])(?P<secret>[^\s"',}\]]+)""",
    re.MULTILINE | re.IGNORECASE,
)
_CREDENTIAL: Final = re.compile(r"""^["']?credential["']?[ \t]*:[ \t]+(?P<secret>[^\s{\[][^\r\n]*)""", re.MULTILINE)
_REFERENCE: Final = re.compile(
    r"""[\w.-]["']?[ \t]*:[ \t]*\{[ \t]*["']?(?P<key>env|file|credential)["']?[ \t]*:[ \t]+["']?"""
    r"""(?P<secret>[^\s"'},](?:[^"'},\r\n]*[^\s"'},])?)"""
)
_VARIABLE: Final = re.compile(r"[A-Z_][A-Z0-9_]*")
_NAME: Final = re.compile(r"[a-z_.-]+")


def unmarked_secrets(text: str, *, is_read: bool) -> Iterator[tuple[int, int]]:
    """Where each begins and ends.

    Args:
        text: the file.
        is_read: whether it is YAML, so that the values below `password` are judged by their place.
    """
    for found in (*_LOGIN.finditer(text), *_CREDENTIAL.finditer(text)):
        yield found.span("secret")
    for found in () if is_read else _REFERENCE.finditer(text):
        if not _is_name(found["key"], found["secret"]):
            yield found.span("secret")


def _is_name(key: str, word: str) -> bool:
    """Whether a word is what stands there in nearly every file; of others nobody can tell."""
    match key:
        case "env":
            return _VARIABLE.fullmatch(word) is not None
        case "file":
            return "/" in word or "\\" in word
        case _:
            return _NAME.fullmatch(word) is not None

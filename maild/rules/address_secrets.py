"""Secrets in addresses: the login before the host, and what stands behind the path, where services take keys. Pure.

https://me:secret@mail.shop.test/      the login, all of it
https://mail.shop.test/send?key=secret
"""

import re
from collections.abc import Iterator
from typing import Final

from maild.rules.word_lines import lines_with

_LOGIN: Final = re.compile(r"""://(?P<login>[^\s/"'{}\[\]]+)@""")
_TAIL: Final = re.compile(
    r"""(?:://|\burl["']?:[ \t]++["']?(?!url["']?:[ \t]))[^\s"'?#]*+(?:[?#](?P<tail>[^\s"']++))?"""
)
_LINE: Final = re.compile(r"[^\r\n]+")
_COMMENT: Final = re.compile(r"(?<!\S)#")


def logins(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends."""
    for found in _LOGIN.finditer(text) if "@" in text else ():
        yield found.span("login")


def tails(text: str) -> Iterator[tuple[int, int]]:
    """The same of what stands behind the paths. In comments that only points to a chapter."""
    for start, end in lines_with(text, ("://", "url")):
        for line in _LINE.finditer(text, start, end):
            comment = _COMMENT.search(text, *line.span())
            for found in _TAIL.finditer(text, line.start(), line.end() if comment is None else comment.end()):
                tail = (found["tail"] or "").rstrip(",}]")
                if tail:
                    yield found.start("tail"), found.start("tail") + len(tail)

"""Lists of tags such as `v=DKIM1; k=rsa; p=...`: RFC 6376 §3.2, which DMARC, MTA-STS, TLS-RPT and BIMI follow. Pure.

Knows nothing of what the tags mean. What can go wrong is one `TagError`: a piece without `=`, a name that is none, or a
tag that stands twice.
"""

import re
from collections.abc import Mapping
from typing import Final

from maild.errors import PermanentError

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*", re.IGNORECASE | re.ASCII)
_SPACE: Final = " \t\r\n"

MAX_TEXT: Final = 65_535
"""What one TXT record can hold."""


class TagError(PermanentError, ValueError):
    """The text is no list of tags; `piece` is what does not fit, `problem` why."""

    def __init__(self, piece: str, problem: str) -> None:
        super().__init__(f"{piece!r}: {problem}")
        self.piece = piece
        self.problem = problem


def parse_tags(text: str) -> Mapping[str, str]:
    """The tags in their order, names as they stand there, values without the space around them.

    Raises:
        TagError: it is no list of tags.
    """
    tags: dict[str, str] = {}
    pieces = text[:MAX_TEXT].split(";")
    if not pieces[-1].strip(_SPACE):
        pieces.pop()  # a semicolon may end the list
    for piece in pieces:
        name, equals, value = piece.partition("=")
        name = name.strip(_SPACE)
        if not equals or _NAME.fullmatch(name) is None:
            raise TagError(piece.strip(_SPACE)[:80], "this is no tag: a name, then =, then its value")
        if name in tags:
            raise TagError(name, "the tag stands twice")
        tags[name] = value.strip(_SPACE)
    return tags


def begins_with_version(text: str, version: str) -> bool:
    """Whether the first tag is `v` with exactly this value, as most such records must begin."""
    name, _, value = text.partition(";")[0].partition("=")
    return name.strip(_SPACE) == "v" and value.strip(_SPACE) == version

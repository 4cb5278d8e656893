"""Letters of another alphabet that look like Latin ones, in the names of servers and domains. Pure.

Only a label that mixes alphabets is told, which no registry of domains allows: a name that is all in Cyrillic or Greek
is somebody's own. What stands before the `@` of an address is not looked at.
"""

import re
import unicodedata
from typing import Final

NAMES: Final = frozenset(
    {"/smtp/host", "/http/url", "/http/domain", "/username", "/email", "/reply_to", "/reply_to/*", "/copy_to/*"}
)
"""The keys whose values are such a name, or an address with one."""

_LABEL: Final = re.compile(r"[^\s.@:/?#]+")
_ALPHABETS: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


def foreign_letter(written: str) -> int | None:
    """Where the first letter stands that is of another alphabet than the Latin ones in its label; None without one."""
    if written.isascii():
        return None
    for label in _LABEL.finditer(written, written.rfind("@") + 1):
        alphabets = [_alphabet(char) for char in label[0]]
        foreign = [index for index, one in enumerate(alphabets) if one not in {None, "LATIN"}]
        if foreign and "LATIN" in alphabets:
            return label.start() + foreign[0]
    return None


def _alphabet(char: str) -> str | None:
    word = unicodedata.name(char, "").partition(" ")[0]
    return word if word in _ALPHABETS else None

"""Small pieces of sentences that many rules need. Pure."""

from collections.abc import Iterable

_LONGEST_VALUE = 60


def code(text: str) -> str:
    """A word of the file inside a sentence: in backquotes, on one line, not longer than a line of a sentence bears."""
    line = " ".join(text.split())
    return f"`{line if len(line) <= _LONGEST_VALUE else line[: _LONGEST_VALUE - 1] + '…'}`"


def listed(words: Iterable[str], conjunction: str) -> str:
    """`a`, `b` and `c`: words joined as in a sentence."""
    *first, last = words
    return f"{', '.join(first)} {conjunction} {last}" if first else last

"""The lines of a text that hold one of some words, so that a costly pattern need not be tried on all the others. Pure.

A file of a mebibyte holds a million places at which a pattern could begin, and there are a dozen patterns; to look for
a word costs next to nothing. Nothing is decided here: which line means what, the pattern says.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

_MANY: Final = 500
"""Where a word stands more often, the text is looked at as a whole: going from line to line would take longer."""


@lru_cache(maxsize=2)
def small_letters(text: str) -> str:
    """The text in small letters, each in its place; the few that patterns without case take for one of ours, too."""
    if text.isascii():
        return text.lower()
    # Of all letters only the first of these becomes two in small ones.
    return text.replace("\u0130", "i").replace("\u0131", "i").replace("\u017f", "s").lower()


def lines_with(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each of these lines begins and ends, its break left out, in their order; or the whole text, if it is many.

    Args:
        text: in small letters, when the words may be in any.
        words: as they are looked for; more than a handful take longer than the pattern would.
    """
    following = {word: at for word in words if (at := text.find(word)) >= 0}
    if sum(map(text.count, following)) > _MANY:
        yield 0, len(text)
        return
    while following:
        at = min(following.values())
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield text.rfind("\n", 0, at) + 1, end
        for word in [word for word, at in following.items() if at < end]:
            following[word] = text.find(word, end)
            if following[word] < 0:
                del following[word]

"""Which word was meant: folding of case and separators, abbreviations, and the edit distance of typing mistakes. Pure.

`vocabulary` knows the words that people bring from other programs; this file knows nothing about mail.
"""

import string
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

_SEPARATORS: Final = str.maketrans("", "", string.punctuation + string.whitespace)
_LONGEST_WORD: Final = 200
_LONGEST: Final = 64
"""No key is longer. The distance takes time by the product of both lengths, and the word comes from a hostile file."""


def fold(word: str) -> str:
    """The word without case, separators and accents: `SMTP-Host`, `smtp_host` and `smtpHost` fold alike.

    Whatever is no letter and no digit separates, and wide letters count as the usual ones. Of a text that is longer
    than any word only the beginning is looked at.
    """
    folded = word[:_LONGEST_WORD].casefold()
    if folded.isascii():
        return folded.translate(_SEPARATORS)
    return "".join(char for char in unicodedata.normalize("NFKD", folded) if char.isalnum())


@lru_cache(maxsize=1024)
def _folded_choice(choice: str) -> str:
    # Nearly always one of the few hundred keys that there are.
    return fold(choice)


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that was most probably meant, or None when nothing is near enough to say so aloud.

    In this order: alike but for case and separators; the word begins the choice (`prot` for `protocol`); few enough
    typing mistakes, where a common beginning counts for the choice, since people seldom mistype the first letters.
    Of equals the first one wins.
    """
    folded = fold(word)[:_LONGEST]
    candidates = tuple((choice, _folded_choice(choice)) for choice in choices)
    for choice, other in candidates:
        if folded == other:
            return choice
    if len(folded) >= 3:
        beginnings = [choice for choice, other in candidates if other.startswith(folded)]
        if len(beginnings) == 1:
            return beginnings[0]
    letters = frozenset(folded)
    near = [
        (mistakes - (0.5 if folded[:2] == other[:2] else 0.0), choice)
        for choice, other in candidates
        # A word that is much longer or shorter is not near, nor is one with other letters, since each takes a mistake
        # of its own: a hostile file has thousands of words, and counting the mistakes takes long.
        if abs(len(folded) - len(other)) <= (allowed := _allowed(folded, other))
        and len(letters.difference(other)) <= allowed >= len(frozenset(other) - letters)
        and (mistakes := distance(folded, other)) <= allowed
    ]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def distance(one: str, other: str) -> int:
    """How many typing mistakes lie between two words: letters left out, added, changed, or two of them swapped.

    The restricted Damerau-Levenshtein distance ("optimal string alignment").
    """
    before: Sequence[int] = ()
    row: Sequence[int] = range(len(other) + 1)
    for i, left in enumerate(one, start=1):
        current = [i]
        for j, right in enumerate(other, start=1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, row = row, current
    return row[-1]


def _allowed(one: str, other: str) -> int:
    """One mistake in a short word, one for each three letters of a longer one: beyond that it is another word."""
    shorter = min(len(one), len(other))
    return 0 if shorter < 2 else max(1, shorter // 3)

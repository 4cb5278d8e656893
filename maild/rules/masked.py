"""A text without its secrets, and sentences about it without them. Pure; `mask` finds the secrets.

Sentences repeat values of the file, in small letters where they are domains, and cut short where they are long.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

MASK: Final = "••••"

_SHORTEST: Final = 4
_LONG: Final = 12
_CUT: Final = "…"
_MOST_CUT: Final = 200
"""More of a word than any sentence bears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A text with its secrets hidden, and the hidden texts by how they begin, to keep them out of sentences too."""

    text: str
    hidden: Mapping[str, tuple[str, ...]]
    is_too_many: bool = False
    """Whether there were so many secrets that they were not looked for to the end, and everything is hidden."""

    @classmethod
    def of_too_many(cls) -> "Masked":
        """Of a text with too many secrets."""
        return cls(text="", hidden={}, is_too_many=True)

    @classmethod
    def of(cls, text: str, secrets: Iterable[str]) -> "Masked":
        """The masked text and what was hidden in it; what is too short would be found in a sentence by chance."""
        found: dict[str, list[str]] = {}
        for secret in secrets:
            if len(secret) >= _SHORTEST:
                found.setdefault(_beginning(secret), []).append(secret)
        return cls(text=text, hidden={beginning: tuple(secrets) for beginning, secrets in found.items()})

    def hide_in(self, sentence: str) -> str:
        """The sentence without any of the hidden texts, and without the beginning of one that was cut short."""
        if self.is_too_many:
            return MASK if sentence else ""
        if self.hidden:
            # Of two that begin alike the longer one goes first, or its end would stay.
            for secret in sorted(self._hidden_in(sentence), key=len, reverse=True):
                sentence = _without(secret, _without_beginning(secret, sentence))
        return sentence

    def _hidden_in(self, sentence: str) -> Iterator[str]:
        """The hidden texts that may be in a sentence: a hostile file has ten thousand of them."""
        beginnings = {_beginning(sentence[at : at + _SHORTEST]) for at in range(len(sentence) - _SHORTEST + 1)}
        return (secret for beginning in beginnings for secret in self.hidden.get(beginning, ()))


def _beginning(text: str) -> str:
    return text[:_SHORTEST].lower()


def _without(secret: str, sentence: str) -> str:
    # A long one is no word of ours in whatever case, and domains are told in small letters.
    if len(secret) < _LONG:
        return sentence.replace(secret, MASK)
    # Of ten thousand that begin alike hardly one is there, so the dear way is only gone for that one.
    if len(secret) > len(sentence) or secret.lower() not in sentence.lower():
        return sentence
    return re.sub(re.escape(secret), MASK, sentence, flags=re.IGNORECASE)


def _without_beginning(secret: str, sentence: str) -> str:
    """Sentences bear no long words: they are cut, and then a secret is not found as a whole any more."""
    before, *rest = sentence.split(_CUT)
    for behind in rest:
        size = _beginning_at_end(secret, before[-_MOST_CUT:])
        before = f"{before[: len(before) - size]}{MASK if size else ''}{_CUT}{behind}"
    return before


def _beginning_at_end(secret: str, text: str) -> int:
    """How much of the secret's beginning the text ends with; 0: none, or too little to tell."""
    # Some letters become two in small ones, and then places are not the same any more.
    fold = str.lower if len(text.lower()) == len(text) else str
    words, first = fold(text), fold(secret[:_SHORTEST])
    at = words.find(first)
    while at >= 0:
        if fold(secret[: len(text) - at]) == words[at:]:
            return len(text) - at
        at = words.find(first, at + 1)
    return 0

"""The IDs of access keys to Amazon's cloud: half of a secret, and as a username the login to Amazon SES. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from maild.config.document import Document
from maild.config.fault import Pointer
from maild.diagnostics.fix import index_of
from maild.rules.word_lines import lines_with

USERNAME: Final = Pointer("/username")
_IDS: Final = re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])")
_MARKS: Final = ("AKIA", "ASIA")


def may_hold_key_id(text: str) -> bool:
    """Whether a closer look is worth its time: nearly every file has none."""
    return any(mark in text for mark in _MARKS)


def is_key_id(word: str) -> bool:
    """Whether a word is such an ID."""
    return _IDS.fullmatch(word) is not None


def key_ids(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends."""
    for start, end in lines_with(text, _MARKS):
        for found in _IDS.finditer(text, start, end):
            yield found.span()


def is_login(document: Document, start: int, end: int) -> bool:
    """Whether the ID at this place is all of the account's username."""
    if document.value_at(USERNAME) != document.text[start:end]:
        return False
    first, last = index_of(document.text).range_of(document.value_span(USERNAME))
    return first <= start and end <= last


def value_around(document: Document, at: int) -> Pointer | None:
    """The single value that this place of the text belongs to; None in comments, in keys and between values."""
    index = index_of(document.text)
    for pointer, mark in document.marks.items():
        if mark.raw is not None:
            first, last = index.range_of(mark.value)
            if first <= at < last:
                return pointer
    return None

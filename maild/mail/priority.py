"""How urgent a message says it is, in three steps, by its header. Pure.

Mail programs have four fields for it and agree on none, so the first of these that says something decides:

    MT-Priority   RFC 6758 §3: from -9 to 9; below 0 is bulk, above 0 urgent
    Priority      RFC 2156 §5.3.6: urgent, normal, non-urgent
    Importance    RFC 2156 §5.3.4: high, normal, low
    X-Priority    Microsoft and Eudora: 1 and 2 high, 3 normal, 4 and 5 low
    Precedence    Sendmail: bulk, list and junk

A field that says anything else says nothing. Nobody is asked to prove his hurry, so it only decides whose turn comes
more often (`spool.stream`), never that others wait without end.
"""

import re
from enum import StrEnum
from typing import Final

from maild.mail.header import Header


class Priority(StrEnum):
    """From the one that goes first."""

    URGENT = "urgent"
    NORMAL = "normal"
    BULK = "bulk"


_FIELDS: Final = ("mt-priority", "priority", "importance", "x-priority", "precedence")

_WORDS: Final = {
    ("priority", "urgent"): Priority.URGENT,
    ("priority", "normal"): Priority.NORMAL,
    ("priority", "non-urgent"): Priority.BULK,
    ("importance", "high"): Priority.URGENT,
    ("importance", "normal"): Priority.NORMAL,
    ("importance", "low"): Priority.BULK,
    ("x-priority", "1"): Priority.URGENT,
    ("x-priority", "2"): Priority.URGENT,
    ("x-priority", "3"): Priority.NORMAL,
    ("x-priority", "4"): Priority.BULK,
    ("x-priority", "5"): Priority.BULK,
    ("precedence", "bulk"): Priority.BULK,
    ("precedence", "list"): Priority.BULK,
    ("precedence", "junk"): Priority.BULK,
}

_LEVEL: Final = re.compile(r"[+-]?[0-9]")


def priority_of(header: Header) -> Priority:
    """The priority that a header asks for; NORMAL when it asks for none."""
    said: dict[str, Priority] = {}
    for field in header.fields:
        if field.name in _FIELDS and field.name not in said and (found := _meaning(field.name, field.text)) is not None:
            said[field.name] = found
    return next((said[name] for name in _FIELDS if name in said), Priority.NORMAL)


def _meaning(name: str, text: str) -> Priority | None:
    # "1 (Highest)": what stands behind the word is for people.
    word = text.partition("(")[0].strip().lower()
    if name == "mt-priority":
        return _level(word)
    return _WORDS.get((name, word))


def _level(word: str) -> Priority | None:
    if _LEVEL.fullmatch(word) is None:
        return None
    level = int(word)
    return Priority.URGENT if level > 0 else Priority.BULK if level < 0 else Priority.NORMAL

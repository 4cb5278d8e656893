"""The texts and numbers of a document as they are written, for rules about the writing. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from maild.config.document import Document, Mark
from maild.config.fault import Pointer, WrongType
from maild.rules.finding import AtSpan, AtValue, Place
from maild.rules.pointing import with_parents
from maild.rules.subject import Subject

UNSEEN: Final = re.compile("[\xa0\xad\u2007\u200b-\u200d\u202f\u2060\u3000\ufeff]")
"""Blanks and marks that look like ordinary ones, or like nothing."""

ACCOUNT_NAMES: Final = frozenset({"/default_account", "/routes/*/accounts/*", "/routes/*/accounts/*/account"})
"""Where an account is named: the rule about names without an account says what is wrong with one."""

ADDRESS_PATTERNS: Final = frozenset({"/routes/*/match/from", "/routes/*/match/to"})
"""Where a blank of whatever kind means that nothing matches: the rule about that speaks of it, and no other one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """One value: where it stands, how it is written, and what it means."""

    pointer: Pointer
    style: str
    raw: str
    value: object
    document: Document

    @property
    def mark(self) -> Mark:
        """Where it stands; made when it is asked for, since rules ask for few of a hostile file's thousands."""
        return self.document.marks[self.pointer]

    @property
    def is_plain(self) -> bool:
        """Whether it is written without quotes."""
        return self.style == "plain"

    def place_of(self, start: int, end: int) -> Place:
        """So many characters of the value as it is written, quotes counted; all of one that takes several lines."""
        span = self.mark.value
        if span.line != span.end_line:
            return AtValue(pointer=self.pointer)
        part = replace(span, column=span.column + start, end_column=span.column + end)
        return AtSpan(span=part, pointer=self.pointer)


def scalars(subject: Subject) -> Iterator[Scalar]:
    """Every value that is no mapping and no list, except those that another rule calls wrong already."""
    document = subject.loaded.document
    if document is None:
        return
    wrong = {getattr(fault, "pointer", None) for fault in subject.loaded.faults} | document.unread
    around = {fault.pointer for fault in subject.faults(WrongType)} - {""}
    for pointer, style, raw in document.marks.scalars():
        # What stands below a value of a wrong kind follows from that.
        is_below = bool(around) and not around.isdisjoint(with_parents(pointer))
        if pointer not in wrong and not is_below:
            yield Scalar(pointer=pointer, style=style, raw=raw, value=document.value_at(pointer), document=document)

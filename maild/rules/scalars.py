"""The texts and numbers of a document as they are written, for rules about the writing. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from maild.config.document import Mark
from maild.config.fault import Pointer
from maild.rules.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """One value: where it stands, how it is written, and what it means."""

    pointer: Pointer
    mark: Mark
    value: object

    @property
    def is_plain(self) -> bool:
        """Whether it is written without quotes."""
        return self.mark.style == "plain"


def scalars(subject: Subject) -> Iterator[Scalar]:
    """Every value that is no mapping and no list, except those that another rule calls wrong already."""
    document = subject.loaded.document
    if document is None:
        return
    wrong = {getattr(fault, "pointer", None) for fault in subject.loaded.faults} | document.unread
    for pointer, mark in document.marks.items():
        if mark.style is not None and pointer not in wrong:
            yield Scalar(pointer=pointer, mark=mark, value=document.value_at(pointer))

"""Takes away the dashes of a list where one group of keys must stand. Pure.

smtp:
  - host: smtp.gmail.com
  - port: 465
"""

from typing import Final

from maild.config.document import join_pointer
from maild.config.fault import Pointer
from maild.diagnostics import Edit, Fix, Span
from maild.diagnostics.lines import split_lines
from maild.rules.subject import Subject

_MOST: Final = 100
"""No account has as many keys; a hostile file has tens of thousands."""


def without_dashes(subject: Subject, pointer: Pointer, entries: list[object]) -> Fix | None:
    """A blank for each dash; None where a key would then stand twice, or where an entry is more than its keys."""
    document = subject.loaded.document
    if document is None or len(entries) > _MOST:
        return None
    keys = [key for entry in entries if isinstance(entry, dict) for key in entry]
    if not all(isinstance(entry, dict) and entry for entry in entries) or len(set(keys)) != len(keys):
        return None
    lines, edits = split_lines(document.text), []
    for index in range(len(entries)):
        mark = document.marks.get(join_pointer(pointer, index))
        before = "" if mark is None else lines[mark.value.line - 1][: mark.value.column - 1]
        if mark is None or before.strip() != "-" or mark.is_anchored:
            return None
        column = before.index("-") + 1
        span = Span(line=mark.value.line, column=column, end_line=mark.value.line, end_column=column + 1)
        edits.append(Edit(span=span, text=" "))
    return Fix(edits=tuple(edits), is_safe=True)


def is_in_brackets(subject: Subject, pointer: Pointer) -> bool:
    """Whether the list is written in brackets, without dashes."""
    document = subject.loaded.document
    mark = None if document is None else document.marks.get(pointer)
    if document is None or mark is None:
        return False
    return split_lines(document.text)[mark.value.line - 1].startswith("[", mark.value.column - 1)

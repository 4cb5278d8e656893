"""Makes the edits that bring keys to the level where they belong. Pure.

Only where it is plain what moves: keys with one value each, alone on their lines.
"""

from collections.abc import Iterator, Sequence

from maild.config.document import Document, Mark, join_pointer
from maild.config.fault import Pointer
from maild.diagnostics import Edit, Fix, Span
from maild.diagnostics.lines import split_lines
from maild.rules.pointing import key_of, parent
from maild.rules.repair import add_key, scalar_at, text_at
from maild.rules.subject import Subject


def move_keys(subject: Subject, places: Sequence[Pointer], there: Pointer) -> Fix | None:
    """Keys with their values on another level: their lines go, and stand again behind a key that is there already.

    None where one is not alone on its line, for a comment there may speak of it, and where it is there already.
    """
    document, level = subject.loaded.document, subject.value(there)
    if document is None or not isinstance(level, dict) or any(key_of(place) in level for place in places):
        return None
    removed: list[Edit] = []
    written: list[str] = []
    for place in places:
        mark = scalar_at(subject, place)
        line = None if mark is None or mark.key is None else _line_of(document, mark, mark.key)
        if mark is None or mark.key is None or line is None:
            return None
        removed.append(Edit(span=line, text=""))
        written.append(f"{text_at(document, mark.key)}: {text_at(document, mark.value)}")
    added = _added(subject, [join_pointer(there, key) for key in level], written)
    return None if added is None else Fix(edits=(*removed, added), is_safe=False)


def _added(subject: Subject, neighbours: Sequence[Pointer], written: Sequence[str]) -> Edit | None:
    for neighbour in neighbours:
        edits = [edit for line in written if (edit := add_key(subject, neighbour, line)) is not None]
        if edits:
            return Edit(span=edits[0].span, text="".join(edit.text for edit in edits))
    return None


def indent_below(subject: Subject, places: Sequence[Pointer], there: Pointer) -> Fix | None:
    """Two spaces before the lines of keys that stand right below the key they belong to, which is empty itself, or
    which is written along with it where it is not there.

    smtp:
    host: smtp.gmail.com
    port: 465
    """
    document = subject.loaded.document
    if document is None or subject.value(there) is not None or parent(there) != parent(places[0]):
        return None
    around = document.marks.get(there)
    # What an alias stands for has no place of its own.
    marks = [mark for place in places if (mark := document.marks.get(place)) is not None and mark.key is not None]
    if len(marks) < len(places):
        return None
    numbers = list(_lines_below(None if around is None else around.key, marks))
    if not numbers:
        return None
    newline = "\r\n" if "\r\n" in document.text else "\n"
    head = f"{key_of(there)}:{newline}" if around is None else ""
    lines = [Span(line=number, column=1, end_line=number, end_column=1) for number in numbers]
    edits = [Edit(span=line, text="  " if index else f"{head}  ") for index, line in enumerate(lines)]
    return Fix(edits=tuple(edits), is_safe=True)


def _lines_below(around: Span | None, marks: Sequence[Mark]) -> Iterator[int]:
    """The lines of keys that follow each other at the margin, right below the key around; none where one does not."""
    numbers: list[int] = []
    last = None if around is None else around.end_line
    for mark in marks:
        assert mark.key is not None
        if mark.key.column > 1 or last not in {None, mark.key.line - 1}:
            return
        last = mark.value.end_line
        numbers += range(mark.key.line, last + 1)
    yield from numbers


def _line_of(document: Document, mark: Mark, key: Span) -> Span | None:
    """The whole line with its end; None where more stands on it than the key and its value."""
    lines = split_lines(document.text)
    line = lines[key.line - 1]
    if line[: key.column - 1].strip() or line[mark.value.end_column - 1 :].strip() or key.line == len(lines):
        return None
    return Span(line=key.line, column=1, end_line=key.line + 1, end_column=1)

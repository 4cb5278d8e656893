"""Makes the edits that mend a finding. Pure.

An edit is only offered where it is plain how the text must look: what is written over several lines, what other places
share by an anchor, and what is not there at all are left to the person.
"""

import re
from collections.abc import Iterator
from typing import Final

from maild.config.document import Document, Mark, ScalarStyle
from maild.config.fault import Pointer
from maild.diagnostics import Edit, Fix, Span
from maild.diagnostics.fix import index_of
from maild.rules.pointing import key_of, parent
from maild.rules.subject import Subject

_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]*")
"""What needs no quotes in YAML."""
_ESCAPED: Final = re.compile(r'["\\]')
"""What double quotes would need an escape for."""
_GLUE: Final = re.compile(r":|[ \t]*=[ \t]*")
"""What people write between a key and its value where a colon and a space belong."""
_QUOTES: Final = {ScalarStyle.SINGLE_QUOTED: "'", ScalarStyle.DOUBLE_QUOTED: '"'}


def rename_key(subject: Subject, pointer: Pointer, key: str, *, is_safe: bool) -> Fix | None:
    """Another name for a key; None where that name is taken, since both would then claim to be right."""
    document = subject.loaded.document
    beside = subject.value(parent(pointer))
    mark = None if document is None else document.marks.get(pointer)
    if document is None or mark is None or mark.key is None or not isinstance(beside, dict) or key in beside:
        return None
    written = text_at(document, mark.key)
    if key_of(pointer) not in written or mark.key.line != mark.key.end_line:
        return None
    # `{"hots":"x"}` needs the quotes: without them it is one word.
    quote = written[0] if written[0] in "'\"" else ""
    return Fix(edits=(Edit(span=mark.key, text=f"{quote}{key}{quote}"),), is_safe=is_safe)


def split_key(subject: Subject, pointer: Pointer, key: str) -> Fix | None:
    """A colon and a space behind a key that is one word with its value: `host:mail.example`, `host = mail.example`."""
    document = subject.loaded.document
    mark = None if document is None else document.marks.get(pointer)
    written = "" if document is None or mark is None or mark.key is None else text_at(document, mark.key)
    glue = _GLUE.match(written, len(key)) if written.startswith(key) else None
    if mark is None or mark.key is None or glue is None:
        return None
    start, end = (mark.key.column + at for at in glue.span())
    place = Span(line=mark.key.line, column=start, end_line=mark.key.line, end_column=end)
    return Fix(edits=(Edit(span=place, text=": "),), is_safe=True)


def rewrite_value(subject: Subject, pointer: Pointer, text: str, *, is_safe: bool) -> Fix | None:
    """Another value of one line, in the quotes that the old one has."""
    mark = scalar_at(subject, pointer)
    if mark is None or _WORD.fullmatch(text) is None:
        return None
    quote = "" if mark.style is None else _QUOTES.get(mark.style, "")
    return Fix(edits=(Edit(span=mark.value, text=f"{quote}{text}{quote}"),), is_safe=is_safe)


def unquote_value(subject: Subject, pointer: Pointer, text: str, *, is_safe: bool = True) -> Fix | None:
    """A number, a truth value or a small group in the place of the text that was to be one."""
    mark = scalar_at(subject, pointer)
    return None if mark is None else Fix(edits=(Edit(span=mark.value, text=text),), is_safe=is_safe)


def quote_value(subject: Subject, pointer: Pointer) -> Fix | None:
    """The same value in double quotes, so that every program takes it for the text that it is."""
    mark = scalar_at(subject, pointer)
    if mark is None or mark.raw is None or mark.style is not ScalarStyle.PLAIN or _ESCAPED.search(mark.raw) is not None:
        return None
    return Fix(edits=(Edit(span=mark.value, text=f'"{mark.raw}"'),), is_safe=True)


def strip_value(subject: Subject, pointer: Pointer, text: str) -> Fix | None:
    """The value without the blanks around it, in its quotes. It is another value then, so the fix is not safe."""
    mark = scalar_at(subject, pointer)
    quote = "" if mark is None or mark.style is None else _QUOTES.get(mark.style, "")
    if mark is None or not quote or _ESCAPED.search(text) is not None or "'" in text or not text.isprintable():
        return None
    return Fix(edits=(Edit(span=mark.value, text=f"{quote}{text}{quote}"),), is_safe=False)


def add_key(subject: Subject, after: Pointer, line: str) -> Edit | None:
    """A further key in the mapping of the key `after`, right behind it: on a line of its own, or in its braces."""
    document = subject.loaded.document
    mark = scalar_at(subject, after)
    if document is None or mark is None or mark.key is None:
        return None
    around = document.marks.get(parent(after))
    if around is not None and text_at(document, around.value).startswith("{"):
        end = Span(
            line=mark.value.end_line,
            column=mark.value.end_column,
            end_line=mark.value.end_line,
            end_column=mark.value.end_column,
        )
        return Edit(span=end, text=f", {line}")
    return _line_below(document, mark, mark.key, line)


def _line_below(document: Document, mark: Mark, key: Span, line: str) -> Edit | None:
    index = index_of(document.text)
    start, end = index.range_of(Span(line=key.line, column=1, end_line=key.line, end_column=key.column))
    if document.text[start:end].strip():
        return None
    _, behind = index.range_of(mark.value)
    # Behind the comment that may follow the value: it speaks of the value.
    stop = min((at for at in _breaks(document.text, behind)), default=len(document.text))
    column = mark.value.end_column + stop - behind
    newline = "\r\n" if document.text[stop : stop + 2] == "\r\n" else "\n"
    place = Span(line=mark.value.end_line, column=column, end_line=mark.value.end_line, end_column=column)
    return Edit(span=place, text=f"{newline}{document.text[start:end]}{line}")


def _breaks(text: str, start: int) -> Iterator[int]:
    return (at for at in (text.find("\n", start), text.find("\r", start)) if at >= 0)


def scalar_at(subject: Subject, pointer: Pointer) -> Mark | None:
    """The mark of a value on one line that no other place shares; else None."""
    document = subject.loaded.document
    mark = None if document is None else document.marks.get(pointer)
    if mark is None or not mark.raw or mark.is_anchored or mark.value.line != mark.value.end_line:
        return None
    return mark if mark.style is ScalarStyle.PLAIN or mark.style in _QUOTES else None


def text_at(document: Document, span: Span) -> str:
    """What stands there."""
    start, end = index_of(document.text).range_of(span)
    return document.text[start:end]

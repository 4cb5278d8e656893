"""What stands before or within keys since lines were copied from elsewhere: one mistake, and each key is unknown. Pure.

1 protocol: smtp         the numbers of an editor or a web page
+protocol: smtp          a diff
> protocol: smtp         a letter that somebody answers
- protocol: smtp         one entry of a list, without the others
smtp: {host=x, port=1}   another notation within brackets
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from maild.config.fault import Fault, UnknownKey, WrongType, YamlSyntax
from maild.config.load import LoadedAccount, LoadedSite
from maild.config.syntax_cause import SyntaxCause
from maild.diagnostics import Edit, Fix, Span
from maild.diagnostics.lines import split_lines
from maild.rules.separators import Odd

_MARKED: Final = re.compile(r"(?:\+[ \t]*|[0-9]{1,4}[.:|]?[ \t]+)(?P<key>[a-z_0-9]+)")
_MARKS: Final = (
    re.compile(r"[ \t]*(?P<number>[0-9]{1,4})[.:|)]?(?:[ \t]|$)"),
    re.compile(r"\+"),
    re.compile(r">(?:[ \t]|$)"),
    re.compile(r"[ \t]*[*\u2022](?:[ \t]+|$)"),
)
"""What stands before every line of such a file, and only of such a one."""
_DIFF: Final = re.compile(r"@@ -|diff --git |--- (?:a/|/dev/null)|--- \S+\t")
_IN_BRACKETS: Final = re.compile(r"[{,][ \t]*(?P<key>[a-z_0-9]+)(?P<wrong>[ \t]*=[ \t]*)(?=[^\s=])")
_ASSIGNED: Final = re.compile(r"(?P<key>[a-z_0-9]+)[ \t]*=.*")
_ENTRY: Final = re.compile(r"-[ \t]+[\w-]+:(?:[ \t]|$)")
_SEVERAL: Final = 2


def marked_lines(file: LoadedAccount | LoadedSite, keys: frozenset[str]) -> tuple[Fault, ...] | None:
    """The fault of all these keys together; None where they are none of these mistakes."""
    unknown = [fault for fault in file.faults if isinstance(fault, UnknownKey)]
    return (
        _all_like(file, [fault for fault in unknown if _has(_MARKED, fault, keys)], SyntaxCause.LINE_MARKS, _SEVERAL)
        or _all_like(file, [fault for fault in unknown if _has(_ASSIGNED, fault, keys)], SyntaxCause.EQUALS_SIGN, 2)
        or _lone_dash(file)
        or _marks_everywhere(file, keys)
    )


def without_marks(text: str) -> Fix | None:
    """The lines without what stands before each of them; None where it does not stand before every one."""
    places = _marks_of(text)
    return None if places is None else Fix(edits=tuple(Edit(span=place, text="") for place in places), is_safe=True)


def without_dash(span: Span, text: str) -> Fix:
    """The line without its dash and the blanks behind it."""
    line = split_lines(text)[span.line - 1]
    width = len(line) - len(line[1:].lstrip(" \t"))
    return Fix(edits=(Edit(span=replace(span, end_column=span.column + width), text=""),), is_safe=True)


def equals_in_brackets(text: str, keys: frozenset[str]) -> tuple[Odd, ...]:
    """Each key in brackets behind which an equals sign stands, from the key to the sign."""
    return tuple(
        Odd(
            span=_span(number, *found.span("wrong")),
            meant=": ",
            shown=_span(number, found.start("key"), found.end("wrong")),
            cause=SyntaxCause.EQUALS_SIGN,
        )
        for number, line in enumerate(split_lines(text), start=1)
        for found in _IN_BRACKETS.finditer(line)
        if found["key"] in keys
    )


def _marks_of(text: str) -> tuple[Span, ...] | None:
    """The marks of all lines with anything but a comment; None where one has none, or numbers do not follow."""
    lines = list(_written(text))
    for mark in _MARKS:
        found = [mark.match(line) for _, line in lines]
        marks = [one for one in found if one is not None]
        steps = {number - int(one["number"]) for (number, _), one in zip(lines, marks, strict=False) if one.re.groups}
        if len(marks) == len(lines) >= _SEVERAL and len(steps) <= 1:
            return tuple(_span(number, 0, one.end()) for (number, _), one in zip(lines, marks, strict=True))
    return None


def _written(text: str) -> Iterator[tuple[int, str]]:
    """The lines with anything but a comment or the mark of a document, by their numbers."""
    numbered = enumerate(split_lines(text.removeprefix("\ufeff")), start=1)
    return ((number, line) for number, line in numbered if line.strip(" -\t") and not line.startswith("#"))


def _marks_everywhere(file: LoadedAccount | LoadedSite, keys: frozenset[str]) -> tuple[Fault, ...] | None:
    """Of a file that could not be read at all, or that is one text or a list to YAML."""
    if not any(isinstance(fault, YamlSyntax | WrongType) for fault in file.faults):
        return None
    lines = split_lines(file.text)
    number, first = next(_written(file.text), (1, ""))
    if _DIFF.match(first) is not None:
        return _line_marks(_span(number, 0, len(first)))
    places = _marks_of(file.text) or ()
    bare = (lines[place.line - 1][place.end_column - 1 :].strip().partition(":")[0] for place in places)
    if sum(word in keys for word in bare) < _SEVERAL:
        return None
    return _line_marks(places[0])


def _line_marks(span: Span) -> tuple[Fault, ...]:
    return (YamlSyntax(span=span, problem="found another notation", cause=SyntaxCause.LINE_MARKS),)


def _span(number: int, start: int, end: int) -> Span:
    return Span(line=number, column=start + 1, end_line=number, end_column=end + 1)


def _has(form: re.Pattern[str], fault: UnknownKey, keys: frozenset[str]) -> bool:
    found = form.fullmatch(fault.key)
    return found is not None and found["key"] in keys


def _all_like(
    file: LoadedAccount | LoadedSite, like: list[UnknownKey], cause: SyntaxCause, least: int
) -> tuple[Fault, ...] | None:
    if file.document is None or len(like) < least:
        return None
    span = file.document.key_span(like[0].pointer)
    return (YamlSyntax(span=span, problem="found another notation", cause=cause),)


def _lone_dash(file: LoadedAccount | LoadedSite) -> tuple[Fault, ...] | None:
    fault = next((fault for fault in file.faults if isinstance(fault, YamlSyntax)), None)
    if fault is None or fault.cause != SyntaxCause.INDENTATION:
        return None
    written = [
        (number, line)
        for number, line in enumerate(split_lines(file.text), start=1)
        if line.strip(" -") and line[0] != "#"
    ]
    number, first = written[0]
    if _ENTRY.match(first) is None or any(line[0] in " -" for at, line in written[1:] if at <= fault.span.line):
        return None
    span = replace(fault.span, line=number, column=1, end_line=number, end_column=2)
    return (YamlSyntax(span=span, problem=fault.problem, cause=SyntaxCause.LONE_DASH),)

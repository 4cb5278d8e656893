"""Spaces in the place of the tabs that lines of a file are indented with. Pure.

All such lines at once, for the parser stops at the first. A tab counts as the smallest indentation that the file has,
else as two spaces. A text over several lines may hold tabs that are meant: where one is, nothing is offered.
"""

import re
from typing import Final

from maild.diagnostics import Edit, Fix, Span
from maild.diagnostics.lines import split_lines

_LEADING: Final = re.compile(r"[ \t]*")
_BLOCK_TEXT: Final = re.compile(r"(?:^|\s)[|>][-+0-9]{0,2}\s*(?:#.*)?$")
_QUOTES: Final = re.compile(r"[\"']")
_USUAL: Final = 2
_MOST_LINES: Final = 1000
"""No account has as many; a hostile file has a hundred thousand."""


def spaces_for_tabs(text: str) -> Fix | None:
    """The edits that indent every line with spaces; None where a tab may be part of a text."""
    lines = split_lines(text)
    if len(lines) > _MOST_LINES or any(_may_continue(line) for line in lines):
        return None
    leading = [_leading(line) for line in lines]
    indented = (blanks for blanks, line in zip(leading, lines, strict=True) if blanks and blanks != line)
    width = min((len(blanks) for blanks in indented if "\t" not in blanks), default=_USUAL)
    edits = tuple(
        Edit(
            span=Span(line=number, column=1, end_line=number, end_column=len(blanks) + 1),
            text=blanks.replace("\t", " " * width),
        )
        for number, blanks in enumerate(leading, start=1)
        if "\t" in blanks
    )
    return Fix(edits=edits, is_safe=True) if edits else None


def _leading(line: str) -> str:
    found = _LEADING.match(line)
    assert found is not None
    return found[0]


def _may_continue(line: str) -> bool:
    """Whether the next line may belong to a text that begins in this one."""
    return _BLOCK_TEXT.search(line) is not None or len(_QUOTES.findall(line)) % 2 == 1

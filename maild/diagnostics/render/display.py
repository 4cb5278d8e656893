"""Text as a terminal shows it: how wide characters are, and hostile ones made harmless. Pure.

A file that is checked may hold anything: terminal escapes that hide a line, characters that turn the direction of
writing, wide and combining characters that shift everything behind them. The caret must still stand under the value.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final

REPLACEMENT: Final = "\ufffd"
TAB_STOP: Final = 4
MAX_COLUMNS: Final = 160
"""A longer line is cut to a window around its mark; a caret under column 40 000 helps nobody."""
_LEAD_COLUMNS: Final = 60

# Control, format (bidi overrides, zero-width), surrogate, private, unassigned, line and paragraph separators.
_UNSHOWN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_COMBINING: Final = frozenset({"Mn", "Me"})
_NAMED: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """One line made fit to show.

    Attributes:
        text: what is printed.
        columns: for each character of the original line, and for its end, the display column it begins at, from 0.
    """

    text: str
    columns: tuple[int, ...]

    def column(self, column: int) -> int:
        """The display column, from 0, of a 1-based character column; the end of the line for anything behind it."""
        return self.columns[min(max(column - 1, 0), len(self.columns) - 1)]


def printable(text: str) -> str:
    """The text on one line, with control and invisible characters made visible."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_NAMED.get(char, REPLACEMENT) if unicodedata.category(char) in _UNSHOWN else char for char in text)


def printable_lines(text: str) -> list[str]:
    """The lines of a text that maild made itself, each fit to print; a value of a file in it has no line breaks."""
    return [printable(line) for line in text.split("\n")]


def width_of(char: str) -> int:
    """Columns that a printable character takes: 0 when it combines with the one before, 2 when East Asian wide."""
    if unicodedata.category(char) in _COMBINING:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def show_line(line: str) -> ShownLine:
    """The line with tabs written out and unprintable characters replaced."""
    if line.isascii() and line.isprintable():
        return ShownLine(text=line, columns=tuple(range(len(line) + 1)))
    pieces: list[str] = []
    columns: list[int] = []
    at = 0
    for char in line:
        columns.append(at)
        if char == "\t":
            piece = " " * (TAB_STOP - at % TAB_STOP)
            at += len(piece)
        elif unicodedata.category(char) in _UNSHOWN:
            piece = REPLACEMENT
            at += 1
        else:
            piece = char
            at += width_of(char)
        pieces.append(piece)
    columns.append(at)
    return ShownLine(text="".join(pieces), columns=tuple(columns))


def crop_line(line: str, column: int) -> tuple[str, int]:
    """A window of a long line around a 1-based column, and by how many characters the columns moved to the left.

    A line that fits comes back as it is. Cut ends show an ellipsis in the place of one character.
    """
    if len(line) <= MAX_COLUMNS:
        return line, 0
    start = min(max(column - 1 - _LEAD_COLUMNS, 0), len(line) - 1)
    window = line[start : start + MAX_COLUMNS]
    if start:
        window = "…" + window[1:]
    if start + MAX_COLUMNS < len(line):
        window = window[:-1] + "…"
    return window, start

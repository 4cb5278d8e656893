"""Places in a text as maild counts them and as an editor does. Pure.

maild counts lines and characters from 1; the language server protocol from 0, and characters in the units that both
sides agreed on: of UTF-16 unless the editor prefers others. A byte order mark is no part of a text for maild, but for
some editors it is. A place beyond the end of its line means the end, as the protocol wants it.
"""

from dataclasses import dataclass

from lsprotocol.types import Position, PositionEncodingKind, Range

from maild.diagnostics import Span
from maild.diagnostics.lines import split_lines

BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler:
    """Measures one text.

    Attributes:
        lines: its lines without their ends and without a byte order mark.
        encoding: whose units the editor counts in.
        has_mark: whether the editor's text begins with a byte order mark.
    """

    lines: tuple[str, ...]
    encoding: PositionEncodingKind | str
    has_mark: bool = False

    @classmethod
    def of(cls, text: str, encoding: PositionEncodingKind | str, *, has_mark: bool = False) -> "Ruler":
        """The ruler of a text that has lost its byte order mark, if it had one."""
        return cls(lines=tuple(split_lines(text)), encoding=encoding, has_mark=has_mark)

    def range_of(self, span: Span | None) -> Range:
        """The editor's range for a span; the beginning of the file where there is none."""
        if span is None:
            return Range(start=Position(line=0, character=0), end=Position(line=0, character=0))
        return Range(start=self._position(span.line, span.column), end=self._position(span.end_line, span.end_column))

    def place_of(self, position: Position) -> tuple[int, int]:
        """Line and column of an editor's position."""
        line = min(position.line, len(self.lines) - 1)
        text = self.lines[line]
        if position.line > line:
            return line + 1, len(text) + 1
        units = position.character - self._offset(line)
        return line + 1, len(self._first(text, max(0, units))) + 1

    def span_of(self, range_: Range) -> Span:
        """The span for an editor's range."""
        (line, column), (end_line, end_column) = self.place_of(range_.start), self.place_of(range_.end)
        return Span(line=line, column=column, end_line=end_line, end_column=end_column)

    def _position(self, line: int, column: int) -> Position:
        index = min(line, len(self.lines)) - 1
        before = self.lines[index][: column - 1]
        return Position(line=index, character=self._offset(index) + self._units(before))

    def _offset(self, index: int) -> int:
        return self._units(BYTE_ORDER_MARK) if self.has_mark and index == 0 else 0

    def _units(self, text: str) -> int:
        match self.encoding:
            case PositionEncodingKind.Utf32:
                return len(text)
            case PositionEncodingKind.Utf8:
                return len(text.encode())
            case _:
                return len(text.encode("utf-16-le")) // 2

    def _first(self, text: str, units: int) -> str:
        """The whole characters among the first so many units."""
        match self.encoding:
            case PositionEncodingKind.Utf32:
                return text[:units]
            case PositionEncodingKind.Utf8:
                return text.encode()[:units].decode(errors="ignore")
            case _:
                return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore")

"""Turns places in a text into lines and columns, as an editor counts them: from 1, columns in characters."""

from bisect import bisect_right
from functools import cached_property
from typing import Final

from maild.diagnostics import Span
from maild.diagnostics.fix import index_of


class Lines:
    """The line starts of one text, looked for when they are first needed."""

    def __init__(self, text: str) -> None:
        self._text: Final = text

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return index_of(self._text).starts

    def span(self, start: int, end: int) -> Span:
        """The stretch between two indexes of the text, the end exclusive."""
        line, column = self._place(start)
        end_line, end_column = self._place(end)
        return Span(line=line, column=column, end_line=end_line, end_column=end_column)

    def line_start(self, index: int) -> int:
        """The index at which the line of `index` begins."""
        return self._starts[bisect_right(self._starts, index) - 1]

    def _place(self, index: int) -> tuple[int, int]:
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

"""How a finding is mended: edits of the text, each replacing a stretch of it, all else kept to the byte. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from maild.diagnostics.diagnostic import Edit, Span
from maild.diagnostics.lines import line_starts


@dataclass(frozen=True, slots=True, kw_only=True)
class TextIndex:
    """A text and where its lines begin."""

    text: str
    starts: tuple[int, ...]

    def range_of(self, span: Span) -> tuple[int, int]:
        """The indexes at which a span of this text begins and ends."""
        return self.starts[span.line - 1] + span.column - 1, self.starts[span.end_line - 1] + span.end_column - 1

    def line(self, number: int) -> str:
        """The line of this number, the first is 1, without its end; the others are not even looked at."""
        end = self.starts[number] if number < len(self.starts) else None
        return self.text[self.starts[number - 1] : end].rstrip("\r\n")


@lru_cache(maxsize=2)
def index_of(text: str) -> TextIndex:
    """The index of this text, kept for a moment: a file with many findings asks for it at each."""
    return TextIndex(text=text, starts=tuple(line_starts(text)))


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with all these edits made at once; none of them may overlap another."""
    index = index_of(text)
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        start, end = index.range_of(edit.span)
        text = text[:start] + edit.text + text[end:]
    return text


def are_apart(edits: Sequence[Edit], others: Sequence[Edit]) -> bool:
    """Whether these edits can be made together with the others: nothing is touched twice."""
    pairs = ((one.span, other.span) for one in edits for other in others)
    return all(_is_before(one, other) or _is_before(other, one) for one, other in pairs)


def _is_before(one: Span, other: Span) -> bool:
    start = (other.line, other.column)
    return (one.end_line, one.end_column) <= start and (one.line, one.column) != start

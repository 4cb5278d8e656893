"""Cuts stretches out of the lines of a text and puts dots in their place. Pure; `mask` says which stretches.

A stretch that ends its line becomes four dots whatever its length. One that other keys follow on its line keeps its
width (`{a: b, c: d}`), because the carets below those keys must stay right.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from maild.diagnostics import Span
from maild.rules.masked import MASK

_NOTHING_BEHIND: Final = re.compile(r"[ \t]*(?:#.*)?")


def cuts_of(spans: Iterable[Span], lines: Sequence[str], *, most: int) -> Mapping[int, list[tuple[int, int]]] | None:
    """What of each line belongs to the spans, as offsets; None where that is more than so many stretches."""
    cuts: dict[int, list[tuple[int, int]]] = {}
    count = 0
    for span in spans:
        count += span.end_line - span.line + 1
        if count > most:
            return None
        for number in range(span.line, min(span.end_line, len(lines)) + 1):
            start = span.column - 1 if number == span.line else indent_of(lines[number - 1])
            end = span.end_column - 1 if number == span.end_line else len(lines[number - 1])
            if start < end:
                cuts.setdefault(number, []).append((start, end))
    return cuts


def mask_line(line: str, stretches: Iterable[tuple[int, int]]) -> str:
    """The line with dots in the place of these stretches, which may overlap."""
    # Piece by piece: some lines are a mebibyte long and hold a hundred thousand secrets.
    pieces, at = [], 0
    for start, end in _united(stretches):
        pieces.append(line[at:start])
        if _NOTHING_BEHIND.fullmatch(line, end):
            return "".join((*pieces, MASK))
        pieces.append("•" * (end - start))
        at = end
    return "".join((*pieces, line[at:]))


def indent_of(line: str) -> int:
    """How many blanks and tabs it begins with."""
    return len(line) - len(line.lstrip(" \t"))


def _united(stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    first, *others = sorted(stretches)
    for start, end in others:
        if start <= first[1]:
            first = first[0], max(first[1], end)
        else:
            yield first
            first = start, end
    yield first

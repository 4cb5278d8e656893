"""Where the values of a document stand, by pointer; made into spans when asked for.

A valid file is asked for none of them, and a folder of a thousand files has some fifty thousand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from maild.config.document.lines import Lines
from maild.config.fault import Pointer
from maild.diagnostics import Span


class ScalarStyle(StrEnum):
    """How a scalar is written."""

    PLAIN = "plain"
    SINGLE_QUOTED = "single-quoted"
    DOUBLE_QUOTED = "double-quoted"
    LITERAL = "literal"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where one value stands and how it is written.

    Attributes:
        value: the value without its anchor; of an alias, the alias. Zero wide when nothing is written.
        key: its key; None in a list and at the root.
        raw: the scalar as written, quotes included; None for mappings, lists and aliases.
        style: how the scalar is written; None where `raw` is.
        is_anchored: whether an anchor `&name` stands before the value.
    """

    value: Span
    key: Span | None = None
    raw: str | None = None
    style: ScalarStyle | None = None
    is_anchored: bool = False


RawMark: TypeAlias = tuple[tuple[int, int] | None, int, int, str | None, bool]
"""The key's place, start, end, the style in PyYAML's letters (None: no scalar), whether an anchor stands before."""

_STYLES: Final = {
    "": ScalarStyle.PLAIN,
    "'": ScalarStyle.SINGLE_QUOTED,
    '"': ScalarStyle.DOUBLE_QUOTED,
    "|": ScalarStyle.LITERAL,
    ">": ScalarStyle.FOLDED,
}


class Marks(Mapping[Pointer, Mark]):
    """The marks of one text. The root "" always has one."""

    def __init__(self, text: str, lines: Lines, raw: Mapping[Pointer, RawMark]) -> None:
        self._text: Final = text
        self._lines: Final = lines
        self._raw: Final[Mapping[Pointer, RawMark]] = raw or {Pointer(""): (None, 0, 0, None, False)}

    def __getitem__(self, pointer: Pointer) -> Mark:
        key, start, end, style, is_anchored = self._raw[pointer]
        return Mark(
            value=self._lines.span(start, end),
            key=None if key is None else self._lines.span(*key),
            raw=None if style is None else self._text[start:end],
            style=None if style is None else _STYLES[style],
            is_anchored=is_anchored,
        )

    def scalars(self) -> Iterator[tuple[Pointer, ScalarStyle, str]]:
        """How each value is written that is no mapping and no list, quotes counted; no mark is made for it."""
        for pointer, (_, start, end, style, _) in self._raw.items():
            if style is not None:
                yield pointer, _STYLES[style], self._text[start:end]

    def __iter__(self) -> Iterator[Pointer]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

"""What is wrong with a file that is written as for another program, or copied from print, as values without words.

`config.fault` has the rest and the union of all. `rules` finds these where reading a file failed: they explain what
else was found.
"""

from dataclasses import dataclass
from enum import StrEnum

from maild.diagnostics import Span


class CopiedKind(StrEnum):
    """What a character of printed text was to be."""

    BLANK = "blank"
    COLON = "colon"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A stretch of the text with such characters, and what must stand there instead."""

    span: Span
    kind: CopiedKind
    meant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedCharacters:
    """Characters that look like those of YAML and are letters to it; at least one place."""

    places: tuple[Copied, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFile:
    """The file is one of another program; `program` is its name, empty when it is not known.

    Attributes:
        span: the first thing that no file of maild has.
        program: the program.
        words: some of its keys, as they are written.
        lines: the same settings as lines of maild, without any secret.
        is_all: whether these lines say all that the file says, so that nothing is lost with it: no password either.
    """

    span: Span
    program: str
    words: tuple[str, ...]
    lines: tuple[str, ...]
    is_all: bool = False

"""What a renderer is told about the place its text goes to, and the colours it may use there. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from maild.diagnostics.diagnostic import Severity


class Paint(StrEnum):
    """What a piece of text is, by its ANSI colour (ECMA-48 §8.3.117)."""

    ERROR = "1;31"
    WARNING = "1;33"
    INFO = "1;36"
    STRONG = "1"
    FAINT = "34"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The place a text goes to.

    Attributes:
        has_color: whether it understands ANSI colours.
        width: columns to wrap sentences at; None leaves them in one piece, which is best for files and pipes.
    """

    has_color: bool = False
    width: int | None = None

    def paint(self, text: str, paint: Paint) -> str:
        """The text in its colour, or as it is where there is none."""
        return f"\x1b[{paint}m{text}\x1b[0m" if self.has_color else text


def paint_of(severity: Severity) -> Paint:
    """The colour of a severity."""
    return Paint[severity.name]

"""Events as log lines."""

from maild.observe.lines.line import LogLine
from maild.observe.lines.lines_of import lines_of

__all__ = ["LogLine", "lines_of"]

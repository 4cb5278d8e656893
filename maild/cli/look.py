"""What a terminal, or whatever stands in its place, can show. Shell code."""

import os
import sys
from collections.abc import Mapping
from typing import Final

from maild.diagnostics.render import Style

MAX_WIDTH: Final = 110
"""Longer lines are hard to read."""


def output_style(environ: Mapping[str, str] | None = None) -> Style:
    """How text for people is written to standard output: colours and wrapping on a terminal only.

    NO_COLOR with any value, and a terminal that calls itself dumb, mean no colours (https://no-color.org).
    """
    environment = os.environ if environ is None else environ
    if not sys.stdout.isatty():
        return Style()
    has_color = not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
    return Style(has_color=has_color, width=_columns(environment))


def _columns(environ: Mapping[str, str]) -> int:
    # shutil.get_terminal_size does the same; importing shutil loads every archive format there is.
    given = environ.get("COLUMNS", "")
    width = int(given) if given.isdecimal() and int(given) > 0 else os.get_terminal_size(sys.stdout.fileno()).columns
    return min(width or MAX_WIDTH, MAX_WIDTH)

"""What a terminal, or whatever stands in its place, can show. Shell code."""

import os
import shutil
import sys
from collections.abc import Mapping

from maild.diagnostics.render import Style


def output_style(environ: Mapping[str, str] | None = None) -> Style:
    """How text for people is written to standard output: colours and wrapping on a terminal only.

    NO_COLOR with any value, and a terminal that calls itself dumb, mean no colours (https://no-color.org).
    """
    environment = os.environ if environ is None else environ
    if not sys.stdout.isatty():
        return Style()
    has_color = not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
    return Style(has_color=has_color, width=min(shutil.get_terminal_size().columns, 110))

"""Lines of a text as an editor and `config.document` count them, so that a span's line number finds its line. Pure.

`str.splitlines` is no help: it also breaks at form feeds and other separators that are ordinary characters in YAML.
"""

import re
from typing import Final

# YAML 1.2.2 §5.4: a line ends at CR, LF or both.
_BREAK: Final = re.compile("\r\n|[\n\r]")


def split_lines(text: str) -> list[str]:
    """The lines of a text without their ends; line number n of a span is item n - 1."""
    return _BREAK.split(text)

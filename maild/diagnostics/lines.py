"""Lines of a text as a YAML parser counts them, so that a span's line number finds the right line. Pure.

`str.splitlines` is no help: it also breaks at form feeds and other separators that YAML takes for ordinary characters.
"""

import re
from typing import Final

# libyaml ends a line at these: YAML 1.2 §5.4 has CR and LF, YAML 1.1 §4.1.4 had NEL, LS and PS besides.
_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def split_lines(text: str) -> list[str]:
    """The lines of a text without their ends; line number n of a span is item n - 1."""
    return _BREAK.split(text)

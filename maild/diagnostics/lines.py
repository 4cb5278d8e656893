"""Lines of a text as an editor and `config.document` count them, so that a span's line number finds its line. Pure.

`str.splitlines` is no help: it also breaks at form feeds and other separators that are ordinary characters in YAML.
"""

import re
from itertools import accumulate
from typing import Final

# YAML 1.2.2 §5.4: a line ends at CR, LF or both.
_BREAK: Final = re.compile("\r\n|[\n\r]")
# Tried at the beginning of a line only, or the last one would be looked through from each of its characters.
_LINE: Final = re.compile("(?<![^\r\n])[^\r\n]*+(?:\r\n?|\n)")


def split_lines(text: str) -> list[str]:
    """The lines of a text without their ends; line number n of a span is item n - 1."""
    return _BREAK.split(text) if "\r" in text else text.split("\n")


def line_starts(text: str) -> list[int]:
    """The index at which each line begins, the last one too, even when nothing stands in it.

    No loop over the lines: a hostile file has a million of them.
    """
    return [0, *accumulate(map(len, _LINE.findall(text)))]

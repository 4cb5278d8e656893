"""Lines of a text as an editor and `config.document` count them, so that a span's line number finds its line. Pure.

A line ends at CR, LF or both (YAML 1.2.2 §5.4). `str.splitlines` is no help: it also breaks at form feeds and other
separators that are ordinary characters in YAML.
"""

from itertools import accumulate, count
from operator import add


def split_lines(text: str) -> list[str]:
    """The lines of a text without their ends; line number n of a span is item n - 1."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def line_starts(text: str) -> list[int]:
    """The index at which each line begins, the last one too, even when nothing stands in it.

    No loop over the lines, and no text for each: a hostile file has a million of them.
    """
    one_break = text.replace("\r\n", " \n").replace("\r", "\n") if "\r" in text else text
    *before, _ = one_break.split("\n")
    return [0, *map(add, accumulate(map(len, before)), count(1))]

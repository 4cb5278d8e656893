"""A `?` before a key, which makes a key of the whole line behind it (YAML 1.2.2 §8.2.2, explicit entries). Pure."""

import re
from typing import Final

_BEFORE: Final = re.compile(r"[ \t]*(?:-[ \t]+)?(\?[ \t]+)")
_BEHIND: Final = re.compile(r"[\"']?[\w-]+[\"']?[ \t]*:(?=\s|$)")


def question_mark(line: str, column: int) -> tuple[int, int] | None:
    """Where such a mark and the blanks behind it stand in the line, as columns; None where no key with a value follows.

    Args:
        line: the line.
        column: where the key begins that the parser has found.
    """
    found = _BEFORE.fullmatch(line, 0, column - 1)
    if found is None or _BEHIND.match(line, column - 1) is None:
        return None
    return found.start(1) + 1, found.end(1) + 1

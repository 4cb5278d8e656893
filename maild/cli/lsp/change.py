"""From one text to another by edits that are no larger than they must be. Pure.

An editor that gets the whole file back loses the cursor, the marks and the folds in it; and what is not changed, such
as a password that should not stand there, is not said again.
"""

import re
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Final

from maild.config.document.lines import Lines
from maild.diagnostics import Edit

_TOKEN: Final = re.compile(r"\r\n|\w+|.", re.DOTALL)
_MOST: Final = 4000
"""Words that are compared with each other; it takes the product of both counts, so more are replaced as a whole."""


def changes_of(before: str, after: str) -> tuple[Edit, ...]:
    """The edits that make one text of the other, none when they are the same."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    at = len("".join(_TOKEN.findall(before)[:head]))
    starts = list(accumulate(map(len, old), initial=at))
    lines = Lines(before)
    return tuple(
        Edit(span=lines.span(starts[start], starts[end]), text="".join(new[new_start:new_end]))
        for kind, start, end, new_start, new_end in _steps(old, new)
        if kind != "equal"
    )


def _alike(old: list[str], new: list[str]) -> int:
    """How many words are the same at the beginning."""
    return next(
        (index for index, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new))
    )


def _steps(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    if len(old) + len(new) > _MOST:
        return [("replace", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())

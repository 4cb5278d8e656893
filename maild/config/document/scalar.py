"""What a plain scalar means: the core schema of YAML 1.2 (YAML 1.2.2 §10.3.2), not the surprises of YAML 1.1.

So `no`, `off`, `1:30` and `2026-12-31` are text, and `0587` is a number.
"""

import re
from collections.abc import Callable
from typing import Final

MAX_NUMBER_CHARS: Final = 64
"""A longer number is kept as text: nothing here needs one, and turning digits into numbers costs their square."""

_CONSTANTS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_NUMBERS: Final[tuple[tuple[re.Pattern[str], Callable[[str], float]], ...]] = (
    (re.compile(r"[-+]?[0-9]+"), int),
    # The prefixes 0o and 0x mean the same to Python.
    (re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+"), lambda text: int(text, 0)),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), lambda text: float(text.replace(".", ""))),
)
_NUMBER_STARTS: Final = frozenset("0123456789+-.")


def resolve_plain(text: str) -> str | float | bool | None:
    """The value of an unquoted scalar."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] in _NUMBER_STARTS and len(text) <= MAX_NUMBER_CHARS:
        for grammar, convert in _NUMBERS:
            if grammar.fullmatch(text) is not None:
                return convert(text)
    return text

"""Sizes as people write them: a whole number and a unit of a thousand, such as 500kB, 25MB, 1GB."""

import re
from typing import Final

SIZE: Final = re.compile(r"([0-9]{1,6})(B|kB|MB|GB)")

_UNIT_BYTES: Final = {"B": 1, "kB": 1000, "MB": 1000**2, "GB": 1000**3}


def parse_size(text: str) -> int | None:
    """The size in bytes, None when the text is none."""
    found = SIZE.fullmatch(text)
    return None if found is None else int(found[1]) * _UNIT_BYTES[found[2]]


def format_size(size_bytes: int) -> str:
    """The size with the largest unit that leaves a whole number."""
    unit, of_it = next((name, count) for name, count in reversed(_UNIT_BYTES.items()) if size_bytes % count == 0)
    return f"{size_bytes // of_it}{unit}"

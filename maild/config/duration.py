"""Durations as people write them: a number and a unit, such as 300ms, 0.3s, 30s, 5m, 4h, 5d."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Final

DURATION: Final = re.compile(r"([0-9]{1,8}(?:\.[0-9]{1,9})?)(ms|s|m|h|d)")

_UNIT_MS: Final = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def parse_duration(text: str) -> timedelta | None:
    """The duration, None when the text is none. Eight digits of days are what timedelta holds."""
    found = DURATION.fullmatch(text)
    if found is None:
        return None
    # Not through a float: 0.3 is not 0.3 there, and defaults are compared exactly.
    microseconds = Decimal(found[1]) * _UNIT_MS[found[2]] * 1000
    return timedelta(microseconds=int(microseconds))

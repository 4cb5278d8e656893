"""Reads how often and how long messages are tried: the same keys in maild.yaml and in an account file."""

from datetime import timedelta
from typing import Final

from maild.config.build.reader import DurationRange, Reader

RETRY: Final = DurationRange(minimum="10ms", maximum="7d")
LIFETIME: Final = DurationRange(minimum="1s", maximum="365d")


def read_retry(reader: Reader) -> tuple[timedelta, ...] | None:
    """The delays between tries, as far as they are valid; None where there are none."""
    value = reader.value("/delivery/retry")
    count = len(value) if isinstance(value, list) else 0
    delays = [reader.duration(f"/delivery/retry/{index}", RETRY) for index in range(count)]
    return tuple(delay for delay in delays if delay is not None) or None

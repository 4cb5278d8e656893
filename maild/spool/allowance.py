"""What a provider was found to allow, where that is less than is known of it: a value that the queue remembers. Pure.

Such a finding ends by itself: a plan may have been changed since, and a limit that nobody tries again is believed for
ever.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AllowanceKind(StrEnum):
    """What is counted."""

    PER_MINUTE = "per_minute"
    """Messages."""
    PER_DAY = "per_day"
    """Recipients in any 24 hours."""
    PER_SESSION = "per_session"
    """Messages over one connection."""
    PER_MESSAGE = "per_message"
    """Recipients in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """At most `value` of a kind, as far as is known until `until`."""

    kind: AllowanceKind
    value: int
    until: datetime

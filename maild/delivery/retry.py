"""When a message is tried again, and when it is given up. Pure: `now` and the random number are handed in.

Only attempts that failed by the message's or a recipient's fault count (`QueuedMessage.attempts_made`). An account
that cannot work opens its breaker instead and uses up nothing.

Expiry is judged by the same rule: a message is given up only after an attempt of its own failed past its lifetime. So
the clock stands still while its account is closed, and a message that outlived its lifetime behind a broken account
still gets one honest attempt when the account works again. RFC 5321 §4.5.4.1 asks for four to five days at least.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

JITTER: Final = 0.2
"""Plus or minus a fifth: messages deferred together by one outage do not all come back in the same second."""


def jittered(delay: timedelta, chance: float) -> timedelta:
    """The delay moved by up to ±20 %; `chance` is a random number from 0 (earliest) to 1 (latest)."""
    return delay * (1 - JITTER + 2 * JITTER * chance)


def retry_delay(delays: Sequence[timedelta], attempts_made: int, chance: float) -> timedelta:
    """How long to wait after an attempt failed.

    Args:
        delays: the configured ones, at least one; the last one repeats.
        attempts_made: charged attempts before the one that just failed.
        chance: a random number from 0 to 1.
    """
    return jittered(delays[min(attempts_made, len(delays) - 1)], chance)


def next_attempt_at(now: datetime, delay: timedelta, expires_at: datetime) -> datetime:
    """When to try again: after the delay, but not later than the expiry, so that giving up is not late either."""
    return max(now, min(now + delay, expires_at))


def is_expired(now: datetime, expires_at: datetime) -> bool:
    """Whether a message whose own attempt just failed is to be given up."""
    return now >= expires_at

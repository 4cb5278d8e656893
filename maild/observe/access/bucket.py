"""A token bucket: so many requests at once, and one more each interval. Pure."""

from maild.observe.access.settings import RateLimit


class Bucket:
    """Full at the start; not for several threads."""

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._tokens = float(limit.burst)
        self._at_s: float | None = None

    def may_take(self, now_s: float) -> bool:
        """Whether there is one more; `now_s` never goes back."""
        if self._at_s is not None:
            self._tokens = min(self._limit.burst, self._tokens + (now_s - self._at_s) / self._limit.interval_s)
        self._at_s = now_s
        return self._tokens >= 1

    def take(self, now_s: float) -> bool:
        """Whether there is one more, which is taken then."""
        if not self.may_take(now_s):
            return False
        self._tokens -= 1
        return True

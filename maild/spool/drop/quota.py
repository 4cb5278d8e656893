"""How much of each user of this machine may be taken in: so many messages and bytes in any hour. Pure.

Users are told apart by whom their files belong to. What is more than that stays where it is: the drop folder is the
back-pressure, and other users' drops pass by. Kept in minutes, so that a busy user costs sixty numbers; an hour is
therefore up to a minute longer. A restart begins anew, which errs on the user's side.
"""

from dataclasses import dataclass
from typing import Final

MINUTE_NS: Final = 60 * 1_000_000_000
HOUR_MINUTES: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLimits:
    """What one user may drop in any hour; None: as much as he likes."""

    messages_per_hour: int | None = None
    bytes_per_hour: int | None = None

    @property
    def is_none(self) -> bool:
        """Whether nothing is limited."""
        return self.messages_per_hour is None and self.bytes_per_hour is None


@dataclass(slots=True)
class _Spent:
    messages: int = 0
    size_bytes: int = 0


class UserQuota:
    """What was taken in of each user in the last hour. `limits` may be changed at any time."""

    def __init__(self, limits: UserLimits) -> None:
        self.limits = limits
        self._users: dict[int, dict[int, _Spent]] = {}

    def wait_ns(self, user: int, size_bytes: int, *, now_ns: int) -> int:
        """How long until so much more of this user may be taken in; 0: now.

        A single drop that is larger than an hour's bytes is taken once the hour is empty; it would wait for ever.
        """
        if self.limits.is_none:
            return 0
        spent = self._lately(user, now_ns)
        messages = sum(one.messages for one in spent.values())
        total_bytes = sum(one.size_bytes for one in spent.values())
        if self._fits(messages + 1, total_bytes + size_bytes) or not messages:
            return 0
        minutes = iter(sorted(spent))
        while True:
            # With the last minute everything is gone, so it ends.
            minute = next(minutes)
            messages -= spent[minute].messages
            total_bytes -= spent[minute].size_bytes
            if self._fits(messages + 1, total_bytes + size_bytes) or not messages:
                return (minute + HOUR_MINUTES) * MINUTE_NS - now_ns

    def spend(self, user: int, size_bytes: int, *, now_ns: int) -> None:
        """So much of this user was taken in."""
        if self.limits.is_none:
            return
        spent = self._users.setdefault(user, {}).setdefault(now_ns // MINUTE_NS, _Spent())
        spent.messages += 1
        spent.size_bytes += size_bytes

    def crowded(self, *, now_ns: int) -> frozenset[int]:
        """The users of whom not even an empty drop may be taken in now."""
        return frozenset(user for user in tuple(self._users) if self.wait_ns(user, 0, now_ns=now_ns) > 0)

    def _lately(self, user: int, now_ns: int) -> dict[int, _Spent]:
        this = now_ns // MINUTE_NS
        spent: dict[int, _Spent] = {}
        for minute, one in self._users.get(user, {}).items():
            if minute > this - HOUR_MINUTES:
                # After a clock was set back, what came later by it counts as of now.
                kept = spent.setdefault(min(minute, this), _Spent())
                kept.messages += one.messages
                kept.size_bytes += one.size_bytes
        if spent:
            self._users[user] = spent
        else:
            self._users.pop(user, None)
        return spent

    def _fits(self, messages: int, size_bytes: int) -> bool:
        most, most_bytes = self.limits.messages_per_hour, self.limits.bytes_per_hour
        return (most is None or messages <= most) and (most_bytes is None or size_bytes <= most_bytes)

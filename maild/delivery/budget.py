"""The budget: how much an account may still send now, and when it may send again. Pure: it is told `now`.

Two rolling windows, because that is what providers measure: messages in the last minute, recipients in the last day.
The day is kept in quarters of an hour, so that a busy day costs 97 numbers; the window is therefore up to a quarter
longer than a day, which errs on the provider's side. What was sent before the daemon started is handed in as history.

A provider that turned out to allow less lowers a limit for a while (`lower`).

Connections are the lane's to count; `connections` only says the cap.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from maild.config.mail_service import service_provider
from maild.config.model import Account, HttpSettings, Limits, SmtpSettings
from maild.providers.catalogue import provider_of
from maild.providers.provider import ProviderLimits
from maild.spool.allowance import Allowance, AllowanceKind

DEFAULT_CONNECTIONS: Final = 4
"""More than one hides the round trips; more than a handful is what small providers refuse (3 at Exchange Online)."""

DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
_SLICE: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Recipients sent to until `at`, counted since the `Spent` before."""

    at: datetime
    recipients: int


def effective_limits(account: Account) -> Limits:
    """The account's own limits; where it names none, those that its provider documents."""
    match account.transport:
        case SmtpSettings(host=host):
            provider = provider_of(host)
        case HttpSettings() as http:
            provider = service_provider(http)
        case _:
            assert_never(account.transport)
    known = ProviderLimits() if provider is None else provider.limits
    own = account.limits
    return Limits(
        per_minute=known.per_minute if own.per_minute is None else own.per_minute,
        per_day=known.per_day if own.per_day is None else own.per_day,
        connections=known.connections if own.connections is None else own.connections,
        per_session=known.per_session if own.per_session is None else own.per_session,
        per_message=known.per_message if own.per_message is None else own.per_message,
        # Not the provider's: the server says itself how large a message it takes (RFC 1870).
        max_bytes=own.max_bytes,
    )


class Budget:
    """What one account has sent lately, held against its limits; a limit of None does not limit."""

    __slots__ = ("_day", "_day_total", "_limits", "_lowered", "_minute")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._minute: deque[datetime] = deque()
        self._day: deque[Spent] = deque()
        self._day_total = 0
        self._lowered: tuple[Allowance, ...] = ()

    @property
    def is_counted(self) -> bool:
        """Whether messages a minute or recipients a day are limited."""
        kinds = {one.kind for one in self._lowered}
        own = (self._limits.per_minute, self._limits.per_day)
        return own != (None, None) or not kinds.isdisjoint({AllowanceKind.PER_MINUTE, AllowanceKind.PER_DAY})

    @property
    def connections(self) -> int:
        """How many sessions the account may have at once."""
        return self._limits.connections or DEFAULT_CONNECTIONS

    def use(self, limits: Limits) -> None:
        """Go on under other limits; what was spent stays spent."""
        self._limits = limits

    def lower(self, allowances: Sequence[Allowance]) -> None:
        """The provider allows no more than these, each until it ends; in the place of what was lowered before."""
        self._lowered = tuple(allowances)

    def lowered(self, now: datetime) -> tuple[Allowance, ...]:
        """What is believed now that lowers a limit."""
        self._lowered = tuple(one for one in self._lowered if now < one.until)
        return tuple(one for one in self._lowered if self.limit(one.kind, now) == one.value)

    def limit(self, kind: AllowanceKind, now: datetime) -> int | None:
        """The limit in force; None when there is none."""
        own: int | None = getattr(self._limits, kind)
        if not self._lowered:
            return own
        values = [one.value for one in self._lowered if one.kind is kind and now < one.until]
        return min((*values, own) if own is not None else values, default=None)

    def learn(self, history: Iterable[Spent], last_minute: Iterable[datetime] = ()) -> None:
        """Take what the queue knows of the last day and minute, oldest first, for what is remembered here."""
        self._day = deque(history)
        self._day_total = sum(spent.recipients for spent in self._day)
        if not self._minute:
            self._minute.extend(last_minute)

    def free_at(self, now: datetime, recipients: int) -> datetime:
        """When a message to so many recipients may go: `now` when it may go at once."""
        if self._is_boundless:
            return now
        self._forget(now)
        return max(now, self._minute_free_at(now), self._day_free_at(now, recipients))

    def spend(self, now: datetime, recipients: int) -> None:
        """A message to so many recipients sets out."""
        if self._is_boundless:
            return
        if self.limit(AllowanceKind.PER_MINUTE, now) is not None:
            self._minute.append(now)
        if self.limit(AllowanceKind.PER_DAY, now) is not None:
            if self._day and now - self._day[-1].at < _SLICE:
                last = self._day.pop()
                self._day.append(Spent(at=last.at, recipients=last.recipients + recipients))
            else:
                self._day.append(Spent(at=now, recipients=recipients))
            self._day_total += recipients

    def refund(self, recipients: int) -> None:
        """So many recipients of messages that set out lately did not get it: providers count what they accept."""
        while recipients > 0 and self._day:
            last = self._day.pop()
            back = min(last.recipients, recipients)
            recipients -= back
            self._day_total -= back
            if last.recipients > back:
                self._day.append(Spent(at=last.at, recipients=last.recipients - back))

    def day_left(self, now: datetime) -> int | None:
        """Recipients that may still be sent to today; None without a limit."""
        self._forget(now)
        most = self.limit(AllowanceKind.PER_DAY, now)
        return None if most is None else max(0, most - self._day_total)

    def day_spent(self, now: datetime) -> int:
        """Recipients of the last day, as far as they are counted."""
        self._forget(now)
        return self._day_total

    def used_up(self, now: datetime) -> str:
        """What of it is used up, as the beginning of a sentence; to be asked when something has to wait."""
        per_minute = self.limit(AllowanceKind.PER_MINUTE, now)
        if per_minute is not None and self._minute_free_at(now) > now:
            return f"the {per_minute} messages a minute that it may send are used up"
        per_day = self.limit(AllowanceKind.PER_DAY, now)
        return f"the {per_day} recipients a day that it may send to are used up"

    @property
    def _is_boundless(self) -> bool:
        """Whether neither a minute nor a day has a limit, as with most servers of one's own; asked for each message."""
        return not self._lowered and self._limits.per_minute is None and self._limits.per_day is None

    def _minute_free_at(self, now: datetime) -> datetime:
        most = self.limit(AllowanceKind.PER_MINUTE, now)
        if most is None or len(self._minute) < most:
            return now
        return self._minute[len(self._minute) - most] + _MINUTE

    def _day_free_at(self, now: datetime, recipients: int) -> datetime:
        """When enough of the day has gone by. A message larger than the whole allowance goes on an empty day: the
        provider may know better, and waiting longer cannot help it.
        """
        most = self.limit(AllowanceKind.PER_DAY, now)
        if most is None:
            return now
        over = self._day_total + recipients - most
        free_at = now
        for spent in self._day:
            if over <= 0:
                break
            over -= spent.recipients
            free_at = spent.at + _SLICE + DAY
        return free_at

    def _forget(self, now: datetime) -> None:
        while self._minute and self._minute[0] <= now - _MINUTE:
            self._minute.popleft()
        while self._day and self._day[0].at + _SLICE + DAY <= now:
            self._day_total -= self._day.popleft().recipients

"""The breaker: the gate that stops using an account that cannot work now. Pure: `now` and chance are handed in.

    Closed --trip--> Open --(until has come) begin_trial--> HalfOpen --recover--> Closed
       ^              | ^                                      |
       +--- recover --+ +------- trip: twice as long ----------+
                        +------- abandon: the trial never was -+

Closed sends freely. Open sends nothing; the messages wait and are not charged. HalfOpen lets one message try while the
others wait. A probe may close an open breaker (`recover`) and open a closed one (`trip`) at any time.

What decides how long it stays open is the kind of trouble. A line that broke is tried after 15 seconds, doubling to
five minutes. Refused credentials wait a quarter of an hour, doubling to an hour: providers lock an account after a
handful of failures, so three failed logins in the first hour is the most that delivery allows itself; a probe, a
changed file or a changed secret opens the gate earlier. A used-up allowance is asked for after ten minutes, doubling to
an hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias, assert_never

from maild.delivery.retry import jittered
from maild.delivery.trouble import Trouble, TroubleKind

_DELAYS: Final = {
    TroubleKind.LINE: (timedelta(seconds=15), timedelta(minutes=5)),
    TroubleKind.LOGIN: (timedelta(minutes=15), timedelta(hours=1)),
    TroubleKind.QUOTA: (timedelta(minutes=10), timedelta(hours=1)),
}
"""First and longest delay of each kind."""

LONGEST_REQUESTED: Final = timedelta(hours=6)
"""A server may ask us to come back later than we would; a week in its Retry-After is a mistake or an attack."""

_MOST_DOUBLINGS: Final = 16
"""Keeps the power within reason; every kind has reached its longest delay long before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The account works, as far as is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """The account is left alone until `until`; `failures` counts what failed in a row, 1 at first."""

    trouble: Trouble
    since: datetime
    until: datetime
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfOpen:
    """One message is trying whether the account works again."""

    trouble: Trouble
    since: datetime
    failures: int


Breaker: TypeAlias = Closed | Open | HalfOpen


def trip(breaker: Breaker, trouble: Trouble, now: datetime, chance: float) -> Open:
    """The breaker after the account failed.

    Sessions that fail together at one outage count once: a breaker that is open already stays as it is, unless the
    news is worse (credentials refused while a line failure was waited out). When its time is over and it fails all the
    same, by a probe, that counts like a trial.
    """
    match breaker:
        case Closed():
            return _open(trouble, since=now, failures=1, now=now, chance=chance)
        case HalfOpen(since=since, failures=failures):
            return _open(trouble, since=since, failures=failures + 1, now=now, chance=chance)
        case Open(since=since, failures=failures, until=until) if now >= until:
            return _open(trouble, since=since, failures=failures + 1, now=now, chance=chance)
        case Open(since=since, failures=failures):
            worse = _open(trouble, since=since, failures=failures, now=now, chance=chance)
            return worse if worse.until > breaker.until and trouble.kind is not breaker.trouble.kind else breaker
        case _:
            assert_never(breaker)


def may_send(breaker: Breaker, now: datetime) -> bool:
    """Whether a message may go: freely when closed, as the one trial when an open breaker's time has come."""
    match breaker:
        case Closed():
            return True
        case Open(until=until):
            return now >= until
        case HalfOpen():
            return False
        case _:
            assert_never(breaker)


def begin_trial(breaker: Breaker) -> Breaker:
    """The breaker once the message that `may_send` allowed has set out: an open one is half open now."""
    match breaker:
        case Open(trouble=trouble, since=since, failures=failures):
            return HalfOpen(trouble=trouble, since=since, failures=failures)
        case Closed() | HalfOpen():
            return breaker
        case _:
            assert_never(breaker)


def abandon_trial(breaker: Breaker, now: datetime) -> Breaker:
    """The breaker when the trial was called off before it told anything: the next message may try at once."""
    match breaker:
        case HalfOpen(trouble=trouble, since=since, failures=failures):
            return Open(trouble=trouble, since=since, until=now, failures=failures)
        case Closed() | Open():
            return breaker
        case _:
            assert_never(breaker)


def hurry(breaker: Breaker, now: datetime) -> Breaker:
    """The breaker when there is reason to try at once: the secret changed, or an operator asks."""
    match breaker:
        case Open(trouble=trouble, since=since, failures=failures):
            return Open(trouble=trouble, since=since, until=now, failures=failures)
        case Closed() | HalfOpen():
            return breaker
        case _:
            assert_never(breaker)


def open_until(breaker: Breaker) -> datetime | None:
    """When an open breaker lets the next message try; None when it is not open."""
    return breaker.until if isinstance(breaker, Open) else None


def trouble_of(breaker: Breaker) -> Trouble | None:
    """What a breaker that is not closed waits for."""
    return None if isinstance(breaker, Closed) else breaker.trouble


def _open(trouble: Trouble, *, since: datetime, failures: int, now: datetime, chance: float) -> Open:
    first, longest = _DELAYS[trouble.kind]
    delay = jittered(min(first * 2 ** min(failures - 1, _MOST_DOUBLINGS), longest), chance)
    if trouble.retry_after is not None:
        delay = max(delay, min(trouble.retry_after, LONGEST_REQUESTED))
    return Open(trouble=trouble, since=since, until=now + delay, failures=failures)

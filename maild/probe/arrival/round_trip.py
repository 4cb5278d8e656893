"""The check `round-trip`: what became of the last marked message that was sent through an account. Pure.

It is not held in a probe, since a message may take minutes: the daemon sends one now and then, and each probe shows
what the last one came to. What could not be sent, or not be looked for, says nothing about the account.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from maild.diagnostics import Diagnostic, Severity
from maild.probe.arrival.judgement import METHODS, Arrival, judge_arrival
from maild.probe.figure import Figure
from maild.probe.findings.message import MAILBOX_CLOSED, MESSAGE_REFUSED, NOT_ARRIVED
from maild.probe.owner import Owner
from maild.probe.result import CheckResult, CheckVerdict, Told

NAME: Final = "round-trip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """What is known of an account's trips.

    Attributes:
        at: when the last one ended.
        check: what it came to.
        received_at: when the last message arrived; None: none has.
    """

    at: datetime
    check: CheckResult
    received_at: datetime | None


class Trips:
    """The last trip of each account."""

    def __init__(self) -> None:
        self._trips: dict[str, Trip] = {}

    def keep(self, accounts: Collection[str]) -> None:
        """Forget those of others."""
        self._trips = {name: trip for name, trip in self._trips.items() if name in accounts}

    def put(self, account: str, trip: Trip) -> None:
        """This was the last one."""
        self._trips[account] = trip

    def last(self, account: str) -> Trip | None:
        """None: there was none."""
        return self._trips.get(account)

    def check(self, account: str) -> CheckResult | None:
        """What the last one came to."""
        trip = self._trips.get(account)
        return None if trip is None else trip.check


def ended(arrival: Arrival, *, within_s: float, now: datetime, before: Trip | None) -> Trip:
    """A message that the account's server took, and its arrival."""
    received_at = now if arrival.head is not None else _received_at(before)
    found = judge_arrival(arrival, within_s=within_s)
    verdict = _verdict(found)
    check = CheckResult(
        check=NAME,
        verdict=verdict,
        summary=f"the test message {arrival}",
        diagnostics=() if found is None else (found,),
        owner=None if found is None else Owner.PROVIDER if found.code == NOT_ARRIVED.code else Owner.DNS,
        figures=(*_figures(arrival), *_arrived(received_at)),
        told=Told(verdict=verdict, at=now),
    )
    return Trip(at=now, check=check, received_at=received_at)


def unsent(words: str, *, now: datetime, before: Trip | None) -> Trip:
    """No message could be sent; `words` say why."""
    return _open(f"the test message was not sent: {words}", (), now=now, before=before)


def refused(words: str, *, now: datetime, before: Trip | None) -> Trip:
    """The account's server or service does not take the message."""
    message = f"The test message was refused: {words}"
    check = CheckResult(
        check=NAME,
        verdict=CheckVerdict.FAIL,
        summary="the test message was refused",
        diagnostics=(MESSAGE_REFUSED.diagnostic(message, help_=MESSAGE_REFUSED.mend),),
        owner=Owner.PROVIDER,
        figures=tuple(_arrived(_received_at(before))),
        told=Told(verdict=CheckVerdict.FAIL, at=now),
    )
    return Trip(at=now, check=check, received_at=_received_at(before))


def unread(words: str, *, now: datetime, before: Trip | None) -> Trip:
    """The mailbox cannot be looked into; the sentence says why."""
    found = MAILBOX_CLOSED.diagnostic(words, help_=MAILBOX_CLOSED.mend)
    return _open("whether the test message arrived could not be told", (found,), now=now, before=before)


def _open(summary: str, found: tuple[Diagnostic, ...], *, now: datetime, before: Trip | None) -> Trip:
    received_at = _received_at(before)
    check = CheckResult(
        check=NAME,
        verdict=CheckVerdict.INDETERMINATE,
        summary=summary,
        diagnostics=found,
        figures=tuple(_arrived(received_at)),
        told=None if before is None else before.check.told,
    )
    return Trip(at=now, check=check, received_at=received_at)


def _verdict(found: Diagnostic | None) -> CheckVerdict:
    if found is None:
        return CheckVerdict.PASS
    return CheckVerdict.FAIL if found.severity is Severity.ERROR else CheckVerdict.WARN


def _received_at(before: Trip | None) -> datetime | None:
    return None if before is None else before.received_at


def _arrived(at: datetime | None) -> list[Figure]:
    return [] if at is None else [Figure(name="round_trip_received", label="", value=at.timestamp())]


def _figures(arrival: Arrival) -> list[Figure]:
    if arrival.head is None:
        return []
    results = arrival.results
    words = {} if results is None else {method: results.best(method) for method in METHODS}
    passed = {method: word == "pass" for method, word in words.items() if word is not None}
    return [
        Figure(name="round_trip_seconds", label="", value=arrival.seconds),
        *(Figure(name="round_trip_authentication", label=method, value=value) for method, value in passed.items()),
    ]

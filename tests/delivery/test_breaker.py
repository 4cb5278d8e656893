from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maild.delivery.breaker import (
    Breaker,
    Closed,
    HalfOpen,
    Open,
    abandon_trial,
    begin_trial,
    hurry,
    may_send,
    open_until,
    trip,
    trouble_of,
)
from maild.delivery.trouble import Trouble, TroubleKind
from maild.mail.phase import Phase
from maild.net.step import Reason

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LINE = Trouble(kind=TroubleKind.LINE, phase=Phase.CONNECT, reason=Reason.REFUSED, detail="nobody listens")
LOGIN = Trouble(kind=TroubleKind.LOGIN, phase=Phase.AUTH, reason=Reason.REPLY, detail="wrong password")
QUOTA = Trouble(kind=TroubleKind.QUOTA, phase=Phase.BODY, reason=Reason.REPLY, detail="daily limit")


def failing(trouble: Trouble, times: int) -> list[float]:
    """The seconds that the breaker stays open after each of so many failed trials in a row."""
    breaker: Breaker = Closed()
    waits = []
    for _ in range(times):
        breaker = trip(breaker, trouble, NOON, 0.5)
        waits.append((breaker.until - NOON).total_seconds())
        breaker = begin_trial(breaker)
    return waits


def test_a_broken_line_is_tried_after_15_seconds_doubling_to_five_minutes() -> None:
    assert failing(LINE, 7) == [15, 30, 60, 120, 240, 300, 300]


def test_refused_credentials_are_tried_three_times_in_the_first_hour_and_then_hourly() -> None:
    assert [wait / 60 for wait in failing(LOGIN, 5)] == [15, 30, 60, 60, 60]


def test_a_used_up_allowance_is_asked_for_every_ten_minutes_and_then_hourly() -> None:
    assert [wait / 60 for wait in failing(QUOTA, 5)] == [10, 20, 40, 60, 60]


def test_a_thousand_failures_do_not_overflow() -> None:
    assert failing(LINE, 1000)[-1] == 300


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 12), (1.0, 18)])
def test_chance_moves_the_delay_by_a_fifth(chance: float, seconds: int) -> None:
    assert trip(Closed(), LINE, NOON, chance).until == NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize(("asked", "seconds"), [(5, 15), (120, 120), (10**6, 6 * 3600)])
def test_a_server_may_ask_for_more_time_but_not_for_less_and_not_for_ever(asked: int, seconds: int) -> None:
    trouble = replace(LINE, retry_after=timedelta(seconds=asked))

    assert trip(Closed(), trouble, NOON, 0.5).until == NOON + timedelta(seconds=seconds)


def test_sessions_that_fail_together_count_once() -> None:
    opened = trip(Closed(), LINE, NOON, 0.5)

    assert trip(opened, LINE, NOON + timedelta(seconds=3), 0.5) == opened


def test_a_failure_after_its_time_counts_like_a_trial() -> None:
    opened = trip(Closed(), LINE, NOON, 0.5)

    assert trip(opened, LINE, opened.until, 0.5) == Open(
        trouble=LINE, since=NOON, until=opened.until + timedelta(seconds=30), failures=2
    )


def test_worse_news_of_another_kind_replaces_better_ones() -> None:
    opened = trip(Closed(), LINE, NOON, 0.5)

    assert trip(opened, LOGIN, NOON, 0.5) == Open(
        trouble=LOGIN, since=NOON, until=NOON + timedelta(minutes=15), failures=1
    )


def test_better_news_of_another_kind_does_not_shorten_the_wait() -> None:
    opened = trip(Closed(), LOGIN, NOON, 0.5)

    assert trip(opened, LINE, NOON, 0.5) == opened


def test_closed_sends_freely() -> None:
    assert may_send(Closed(), NOON)
    assert begin_trial(Closed()) == Closed()
    assert open_until(Closed()) is None
    assert trouble_of(Closed()) is None


def test_open_sends_nothing_until_its_time_and_then_one_message() -> None:
    opened = trip(Closed(), LINE, NOON, 0.5)

    assert not may_send(opened, opened.until - timedelta(microseconds=1))
    assert may_send(opened, opened.until)
    assert open_until(opened) == opened.until
    half_open = begin_trial(opened)
    assert half_open == HalfOpen(trouble=LINE, since=NOON, failures=1)
    assert not may_send(half_open, opened.until)
    assert trouble_of(half_open) == LINE
    assert begin_trial(half_open) == half_open


def test_a_failed_trial_keeps_the_beginning_of_the_outage() -> None:
    later = NOON + timedelta(minutes=1)

    again = trip(begin_trial(trip(Closed(), LINE, NOON, 0.5)), LINE, later, 0.5)

    assert again == Open(trouble=LINE, since=NOON, until=later + timedelta(seconds=30), failures=2)


def test_a_trial_that_never_was_leaves_the_gate_to_the_next_message() -> None:
    opened = trip(Closed(), LINE, NOON, 0.5)
    later = opened.until + timedelta(seconds=1)

    assert abandon_trial(begin_trial(opened), later) == replace(opened, until=later)
    assert abandon_trial(opened, later) == opened
    assert abandon_trial(Closed(), later) == Closed()


def test_hurry_lets_the_next_message_try_at_once() -> None:
    opened = trip(Closed(), LOGIN, NOON, 0.5)

    assert hurry(opened, NOON) == replace(opened, until=NOON)
    assert hurry(Closed(), NOON) == Closed()
    assert hurry(begin_trial(opened), NOON) == begin_trial(opened)

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from maild.config.delivery_settings import RETRY_DELAYS
from maild.delivery.retry import is_expired, jittered, next_attempt_at, retry_delay
from tests.rows import each_row

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@each_row(("attempts_made", "minutes"), list(enumerate([1, 5, 15, 30, 60, 120, 240, 240, 240])))
def test_the_delays_follow_the_settings_and_the_last_one_repeats(attempts_made: int, minutes: int) -> None:
    assert retry_delay(RETRY_DELAYS, attempts_made, 0.5) == timedelta(minutes=minutes)


@each_row(("chance", "seconds"), [(0.0, 80), (0.25, 90), (0.5, 100), (1.0, 120)])
def test_chance_moves_a_delay_by_a_fifth_at_most(chance: float, seconds: int) -> None:
    assert jittered(timedelta(seconds=100), chance) == timedelta(seconds=seconds)


def test_a_retry_is_not_later_than_the_expiry() -> None:
    expires_at = NOON + timedelta(minutes=3)

    assert next_attempt_at(NOON, timedelta(minutes=1), expires_at) == NOON + timedelta(minutes=1)
    assert next_attempt_at(NOON, timedelta(minutes=5), expires_at) == expires_at


def test_a_retry_is_never_in_the_past() -> None:
    assert next_attempt_at(NOON, timedelta(minutes=5), NOON - timedelta(days=1)) == NOON


def test_a_message_expires_at_its_instant() -> None:
    assert not is_expired(NOON - timedelta(microseconds=1), NOON)
    assert is_expired(NOON, NOON)


@settings(deadline=None)
@given(st.integers(0, 1000), st.floats(0, 1))
def test_every_delay_stays_within_the_jitter(attempts_made: int, chance: float) -> None:
    delay = retry_delay(RETRY_DELAYS, attempts_made, chance)

    exact = RETRY_DELAYS[min(attempts_made, 6)]
    assert exact * 0.8 <= delay + timedelta(microseconds=1)
    assert delay <= exact * 1.2 + timedelta(microseconds=1)

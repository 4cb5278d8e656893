import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.watch.settle import Burst, SettleTiming, note_event, remaining_s
from tests.rows import each_row

TIMING = SettleTiming(quiet_s=0.3, limit_s=3.0, git_limit_s=10.0)


def test_the_first_event_begins_a_burst_and_later_ones_make_it_longer() -> None:
    burst = note_event(None, at_s=5.0)

    assert burst == Burst(first_at_s=5.0, last_at_s=5.0)
    assert note_event(burst, at_s=5.25) == Burst(first_at_s=5.0, last_at_s=5.25)


@each_row(
    ("last_at_s", "at_s", "is_git_busy", "left_s"),
    [
        (0.0, 0.0, False, 0.3),
        (0.0, 0.25, False, 0.05),
        (0.0, 0.3, False, 0.0),
        (2.0, 2.0, False, 0.3),
        (2.9, 2.9, False, 0.1),
        (3.5, 3.5, False, 0.0),
        (0.0, 5.0, True, 0.3),
        (9.5, 9.875, True, 0.125),
        (9.5, 10.0, True, 0.0),
    ],
)
def test_it_waits_for_quiet_but_not_for_ever(
    last_at_s: float, at_s: float, *, is_git_busy: bool, left_s: float
) -> None:
    burst = Burst(first_at_s=0.0, last_at_s=last_at_s)

    assert remaining_s(burst, TIMING, at_s=at_s, is_git_busy=is_git_busy) == pytest.approx(left_s)


@given(gaps=st.lists(st.floats(min_value=0, max_value=1), max_size=60), is_git_busy=st.booleans())
def test_however_the_events_come_it_looks_within_the_limit(gaps: list[float], *, is_git_busy: bool) -> None:
    at_s = 0.0
    burst = note_event(None, at_s=at_s)
    for gap in gaps:
        at_s += gap
        burst = note_event(burst, at_s=at_s)
    limit_s = TIMING.git_limit_s if is_git_busy else TIMING.limit_s

    assert at_s + remaining_s(burst, TIMING, at_s=at_s, is_git_busy=is_git_busy) <= max(at_s, limit_s) + 1e-9

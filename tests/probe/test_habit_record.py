import json
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.probe.downgrade import MOST_KEYS, Habit
from maild.probe.habit_record import HabitError, format_habit, parse_habit
from tests.rows import each_row

texts = st.text(max_size=10)
habits = st.builds(
    Habit,
    has_starttls=st.none() | st.booleans(),
    mechanisms=st.none() | st.lists(texts, max_size=4).map(tuple),
    tls_version=texts,
    keys=st.lists(texts, max_size=MOST_KEYS).map(tuple),
    weaker_since=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@given(habit=habits)
def test_a_habit_is_read_as_it_was_written(habit: Habit) -> None:
    assert parse_habit(format_habit(habit)) == habit


@each_row(
    "change",
    [
        {"starttls": 1},
        {"mechanisms": "PLAIN"},
        {"mechanisms": [1]},
        {"tls": None},
        {"keys": ["a"] * (MOST_KEYS + 1)},
        {"weaker_since": "2026-01-01T00:00:00"},
        {"weaker_since": "soon"},
        {"weaker_since": 5},
    ],
)
def test_what_is_no_habit_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(HabitError):
        parse_habit(json.dumps({**json.loads(format_habit(Habit())), **change}))
    for text in ("", "[]", "{}", "null", "[" * 100_000):
        with pytest.raises(HabitError):
            parse_habit(text)

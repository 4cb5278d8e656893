from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.duration import parse_duration
from maild.config.plain import format_duration, plain_text


@pytest.mark.parametrize(
    ("value", "key", "expected"),
    [
        (None, "", None),
        ((), "", None),
        (True, "", "true"),
        (587, "port", "587"),
        (25_000_000, "max_size", "25MB"),
        ((timedelta(minutes=1), timedelta(minutes=90)), "retry", "1m, 90m"),
        ("https://a.example/x", "url", "https://a.example/x"),
        ("https://a.example/x?key=canary", "url", "https://a.example/x?••••"),
    ],
)
def test_values_are_shown_as_a_file_would_have_them(value: object, key: str, expected: str | None) -> None:
    assert plain_text(value, key) == expected


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        (timedelta(days=5), "5d"),
        (timedelta(minutes=90), "90m"),
        (timedelta(milliseconds=300), "300ms"),
        (timedelta(0), "0s"),
        (timedelta(microseconds=1500), "0.0015s"),
    ],
)
def test_a_duration_has_its_largest_unit_without_a_rest(duration: timedelta, expected: str) -> None:
    assert format_duration(duration) == expected


@given(
    st.one_of(
        st.integers(0, 365 * 86400).map(lambda seconds: timedelta(seconds=seconds)),
        st.integers(0, 10**7).map(lambda us: timedelta(microseconds=us)),
    )
)
def test_a_duration_is_read_as_it_was_written(duration: timedelta) -> None:
    assert parse_duration(format_duration(duration)) == duration

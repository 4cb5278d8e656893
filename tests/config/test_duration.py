from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from maild.config.duration import parse_duration
from tests.rows import each_row


@each_row(
    ("text", "duration"),
    [
        ("300ms", timedelta(milliseconds=300)),
        ("0.3s", timedelta(milliseconds=300)),
        ("30s", timedelta(seconds=30)),
        ("5m", timedelta(minutes=5)),
        ("1.5h", timedelta(minutes=90)),
        ("5d", timedelta(days=5)),
        ("0s", timedelta()),
        ("99999999.999999999d", timedelta(days=99_999_999, microseconds=86_399_999_913)),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@each_row(
    "text", ["", "5", "m", "5 m", "-5m", "5M", "5min", "1h30m", ".5s", "5.m", "1e3s", "٣s", "5m\n", "1" * 9 + "s"]
)
def test_anything_else_is_none(text: str) -> None:
    assert parse_duration(text) is None


@given(st.text(max_size=20))
def test_any_text_is_a_duration_or_none(text: str) -> None:
    duration = parse_duration(text)

    assert duration is None or duration >= timedelta()

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.probe.login_policy import AcceptedAt, BackingOff, LoginState, Suspended, Untried
from maild.probe.login_record import MAX_BYTES, Record, RecordError, format_state, parse_record, parse_state
from tests.rows import each_row

json_values = st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists)
instants = st.datetimes(timezones=st.just(UTC))
states = st.one_of(
    st.just(Untried()),
    st.builds(AcceptedAt, at=instants),
    st.builds(Suspended, since=instants, detail=st.text(max_size=50)),
    st.builds(
        BackingOff,
        until=instants,
        delay=st.integers(0, 21600).map(lambda seconds: timedelta(seconds=seconds)),
        detail=st.text(max_size=50),
    ),
)


@settings(deadline=None)
@given(states)
def test_what_is_written_is_read_again(state: LoginState) -> None:
    assert parse_state(format_state(state)) == state


@given(st.text(max_size=60) | json_values.map(json.dumps))
def test_whatever_else_is_no_state(text: str) -> None:
    with pytest.raises(RecordError):
        parse_state(text)


@settings(deadline=None)
@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_whatever_else_is_refused(data: bytes) -> None:
    with pytest.raises(RecordError):
        parse_record(data)


GOOD = {
    "version": 1,
    "salt": "00",
    "credentials": {
        "a": {"state": "untried", "seen": "2026-01-01"},
        "b": {"state": "accepted", "seen": "2026-01-01", "at": "2026-01-01T00:00:00+00:00"},
    },
    "failures": {"h": ["2026-01-01T00:00:00+00:00"]},
}


@each_row(
    ("change", "problem"),
    [
        ({"version": 2}, "of another version of maild"),
        ({"salt": "zz"}, "not readable"),
        ({"credentials": {"a": {"state": "lost", "seen": "2026-01-01"}}}, "with an unknown state"),
        ({"credentials": {"a": {"state": "untried"}}}, "not readable"),
        ({"credentials": {"a": []}}, "with an unknown state"),
        ({"credentials": []}, "not readable"),
        ({"failures": {"h": ["2026-01-01T00:00:00"]}}, "with an instant without time zone"),
        ({"failures": {"h": 1}}, "not readable"),
    ],
)
def test_the_problem_of_a_damaged_record_is_named(change: dict[str, object], problem: str) -> None:
    with pytest.raises(RecordError) as raised:
        parse_record(json.dumps({**GOOD, **change}).encode())

    assert str(raised.value) == problem


def test_a_file_that_is_too_large_is_not_parsed() -> None:
    with pytest.raises(RecordError, match="too large"):
        parse_record(b" " * (MAX_BYTES + 1))


def test_the_good_record_is_good() -> None:
    assert parse_record(json.dumps(GOOD).encode()) == Record(
        salt=b"\0",
        states={"a": Untried(), "b": AcceptedAt(at=datetime(2026, 1, 1, tzinfo=UTC))},
        seen={"a": date(2026, 1, 1), "b": date(2026, 1, 1)},
        failures={"h": (datetime(2026, 1, 1, tzinfo=UTC),)},
    )

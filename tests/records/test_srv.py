from hypothesis import given
from hypothesis import strategies as st

from maild.records.srv import SrvRecord, parse_srv
from tests.rows import each_row


def test_the_lowest_priority_comes_first_and_then_the_largest_weight() -> None:
    values = ["10 5 587 c.example.", "0 1 587 B.example.", "0 9 587 a.example."]
    assert [record.target for record in parse_srv(values)] == ["a.example", "b.example", "c.example"]


@each_row("value", ["0 0 0 .", "0 0 587 .", "0 0 65536 a.example.", "65536 0 587 a.example.", "0 0 587", "a b c d", ""])
def test_no_service_and_no_record_are_no_server(value: str) -> None:
    assert parse_srv([value]) == ()


@given(
    st.integers(0, 65535),
    st.integers(0, 65535),
    st.integers(1, 65535),
    st.from_regex(r"[a-z]{1,9}\.test", fullmatch=True),
)
def test_a_record_is_read_as_it_was_written(priority: int, weight: int, port: int, target: str) -> None:
    record = SrvRecord(priority=priority, weight=weight, port=port, target=target)
    assert parse_srv([f"{priority} {weight} {port} {target}."]) == (record,)

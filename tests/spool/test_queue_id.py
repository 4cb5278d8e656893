import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from maild.spool.queue_id import make_queue_id

INSTANTS = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
RANDOM = st.binary(min_size=10, max_size=10)


def test_an_id_is_its_time_and_its_random_bits_in_crockfords_alphabet() -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=33)

    assert make_queue_id(at, b"\0" * 10) == "00000000110000000000000000"
    assert make_queue_id(at, b"\xff" * 10) == "0000000011ZZZZZZZZZZZZZZZZ"


@given(INSTANTS, RANDOM)
def test_an_id_is_safe_in_a_file_name(at: datetime, random: bytes) -> None:
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", make_queue_id(at, random))


@given(INSTANTS, INSTANTS, RANDOM)
def test_ids_sort_by_time_and_then_by_their_bits(one: datetime, other: datetime, random: bytes) -> None:
    first, second = sorted([one, other])

    assert make_queue_id(first, random)[:10] <= make_queue_id(second, random)[:10]
    assert make_queue_id(one, b"\0" * 10) <= make_queue_id(one, random)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.size import format_size, parse_size
from tests.rows import each_row


@each_row(("text", "size_bytes"), [("0B", 0), ("500kB", 500_000), ("25MB", 25_000_000), ("999999GB", 999_999 * 10**9)])
def test_a_size_is_a_whole_number_and_a_unit(text: str, size_bytes: int) -> None:
    assert parse_size(text) == size_bytes


@each_row("text", ["", "5", "MB", "5 MB", "-5MB", "5mb", "5KB", "1.5MB", "٣MB", "5MB\n", "1000000B"])
def test_anything_else_is_none(text: str) -> None:
    assert parse_size(text) is None


@given(st.integers(0, 999_999), st.sampled_from(["B", "kB", "MB", "GB"]))
def test_larger_units_are_larger(number: int, unit: str) -> None:
    size_bytes = parse_size(f"{number}{unit}")

    assert size_bytes is not None
    assert size_bytes >= number


@given(st.integers(0, 999_999), st.sampled_from(["B", "kB", "MB", "GB"]))
def test_a_size_is_written_as_it_is_read(number: int, unit: str) -> None:
    size_bytes = parse_size(f"{number}{unit}")
    assert size_bytes is not None

    assert parse_size(format_size(size_bytes)) == size_bytes


@pytest.mark.parametrize(("size_bytes", "text"), [(25_000_000, "25MB"), (1_500, "1500B"), (2_000_000_000, "2GB")])
def test_a_size_has_its_largest_whole_unit(size_bytes: int, text: str) -> None:
    assert format_size(size_bytes) == text

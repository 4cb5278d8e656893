import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from maild.config.document.scalar import resolve_plain
from tests.rows import each_row


@each_row(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("False", False),
        ("tRUE", "tRUE"),
        ("465", 465),
        ("0587", 587),
        ("-7", -7),
        ("+7", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("-0x1F", "-0x1F"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("-.inf", -math.inf),
        (".Inf", math.inf),
        (".", "."),
        ("-", "-"),
        ("1" * 64, int("1" * 64)),
        ("1" * 65, "1" * 65),
        ("smtp", "smtp"),
    ],
)
def test_a_plain_scalar_means_what_the_core_schema_says(text: str, value: object) -> None:
    resolved = resolve_plain(text)

    assert (resolved, type(resolved)) == (value, type(value))


@each_row("text", ["no", "off", "yes", "on", "y", "1:30", "12:34:56", "1_000", "2026-12-31", "0b1", "="])
def test_what_only_an_older_yaml_reads_as_something_else_is_text(text: str) -> None:
    assert resolve_plain(text) == text


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number_is_a_number(text: str) -> None:
    value = resolve_plain(text)

    assert isinstance(value, float)
    assert math.isnan(value)


@given(st.one_of(st.integers(-(10**30), 10**30), st.floats(allow_nan=False), st.booleans(), st.none()))
def test_a_value_written_by_pyyaml_is_read_as_the_same(value: object) -> None:
    written = yaml.safe_dump(value).partition("\n")[0]

    assert resolve_plain(written) == value

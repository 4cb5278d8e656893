from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from maild.config.schema.leaf import is_plainly_right

SCHEMAS: list[dict[str, Any]] = [
    {"type": "boolean"},
    {"type": "string"},
    {"type": "string", "format": "idn-email"},
    {"type": "string", "enum": ["a", "b"]},
    {"type": "string", "pattern": "a"},
    {"type": "string", "minLength": 1},
    {"type": "string", "maxLength": 0},
    {"type": "integer"},
    {"type": "integer", "const": 1},
    {"type": "integer", "minimum": 1, "maximum": 3},
    {"type": "number"},
    {"type": ["string", "array"]},
    {"type": "object"},
    {"const": "a"},
    {},
]


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        (True, {"type": "boolean"}),
        ("x", {"type": "string"}),
        ("a", {"type": "string", "enum": ["a", "b"]}),
        ("ab", {"type": "string", "minLength": 1, "maxLength": 2, "pattern": "b"}),
        (2, {"type": "integer", "minimum": 1, "maximum": 3}),
        (1, {"type": "integer", "const": 1}),
    ],
)
def test_simple_values_are_judged_at_once(value: object, schema: dict[str, Any]) -> None:
    assert is_plainly_right(value, schema)


@given(
    st.one_of(st.booleans(), st.integers(-1, 5), st.floats(), st.none(), st.sampled_from(["", "a", "c"]), st.just([])),
    st.sampled_from(SCHEMAS),
)
def test_what_is_called_right_is_right_by_json_schema(value: object, schema: dict[str, Any]) -> None:
    assert Draft202012Validator(schema).is_valid(value) or not is_plainly_right(value, schema)

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from maild.config.schema.leaf import check_items, is_plainly_right

QuickValidator = extend(Draft202012Validator, {"items": check_items})  # type: ignore[no-untyped-call]

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


SCALARS = st.one_of(st.booleans(), st.integers(-1, 5), st.none(), st.sampled_from(["", "a", "c"]))


@given(st.lists(SCALARS, max_size=4), st.sampled_from(SCHEMAS))
def test_entries_of_a_list_are_judged_as_json_schema_does(entries: list[object], schema: dict[str, Any]) -> None:
    lists = {"type": "array", "items": schema}

    assert QuickValidator(lists).is_valid(entries) == Draft202012Validator(lists).is_valid(entries)


@pytest.mark.parametrize(("value", "messages"), [(["x", 1, 2], ["too long"]), ([1], ["type"]), ("x", ["array"])])
def test_of_a_list_that_is_too_long_nothing_else_is_said(value: object, messages: list[str]) -> None:
    schema = {"type": "array", "items": {"type": "string"}, "maxItems": 2}

    errors = [error.message for error in QuickValidator(schema).iter_errors(value)]

    assert len(errors) == len(messages)
    assert all(word in error for word, error in zip(messages, errors, strict=True))

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from maild.config.schema.leaf import check_all, check_items, check_properties

QuickValidator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"properties": check_properties, "items": check_items, "allOf": check_all}
)

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


@given(SCALARS, st.lists(st.sampled_from(SCHEMAS), max_size=3))
def test_all_parts_are_judged_as_json_schema_does(value: object, parts: list[dict[str, Any]]) -> None:
    schema = {"allOf": parts}

    usual, quick = (
        [(error.validator, [*error.absolute_schema_path]) for error in kind(schema).iter_errors(value)]
        for kind in (Draft202012Validator, QuickValidator)
    )

    assert quick == usual

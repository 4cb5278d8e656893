from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from maild.config.schema.shape import Shape, closed_schema
from maild.config.schema.verdict import verdict

RIGHT: list[tuple[object, dict[str, Any]]] = [
    (True, {"type": "boolean"}),
    ("x", {"type": ["string", "array"]}),
    ("a", {"type": "string", "enum": ["a", "b"]}),
    ("ab", {"type": "string", "minLength": 1, "maxLength": 2, "pattern": "b", "format": "email"}),
    (2, {"type": "integer", "minimum": 1, "maximum": 3}),
    (1, {"type": "integer", "const": 1}),
    ({"a": "x"}, {"type": "object", "required": ["a"], "additionalProperties": False, "properties": {"a": {}}}),
    ({"a": "x"}, {"additionalProperties": {"type": "string"}, "propertyNames": {"minLength": 1}, "minProperties": 1}),
    ({"a": 1}, {"dependentRequired": {"b": ["c"]}, "maxProperties": 1, "additionalProperties": True}),
    (["a"], {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1}),
    ({"a": 1}, {"if": {"required": ["b"]}, "then": {"required": ["c"]}}),
    ({"a": 1}, {"allOf": [{"not": {"required": ["b"]}}, {}]}),
    (None, {"type": "null"}),
]
WRONG: list[tuple[object, dict[str, Any]]] = [
    (True, {"type": "integer"}),
    ("c", {"enum": ["a", "b"]}),
    ({"a": 1, "b": 1.5}, {"additionalProperties": False, "properties": {"b": {"type": "integer"}}}),
    ({"a": 1}, {"if": {"required": ["a"]}, "then": {"required": ["c"]}}),
    ({"a": 1}, {"if": {"required": ["b"]}, "else": {"required": ["c"]}}),
    ({"a": [1.5, "x"]}, {"properties": {"a": {"items": {"type": "integer"}}}}),
]
NOT_PLAIN: list[tuple[object, dict[str, Any]]] = [
    (465.0, {"type": "integer"}),
    (1, {"enum": [True]}),
    (True, {"const": 1}),
    (1.5, {"minimum": 1}),
    (1.5, {"maximum": 1}),
    (["a"], {"uniqueItems": True}),
    ({"a": 1}, {"additionalProperties": None}),
    (1.5, {"if": {"type": "integer"}, "then": {"type": "string"}}),
    (1.5, {"not": {"type": "integer"}}),
]
VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-1, 5), st.floats(), st.none(), st.sampled_from(["", "a", "c"])),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
    max_leaves=4,
)
SCHEMAS = [schema for _, schema in RIGHT + WRONG + NOT_PLAIN if schema != {"additionalProperties": None}]


@pytest.mark.parametrize(
    ("cases", "expected"), [(RIGHT, True), (WRONG, False), (NOT_PLAIN, None)], ids=["right", "wrong", "not plain"]
)
def test_each_keyword_is_judged(cases: list[tuple[object, dict[str, Any]]], expected: object) -> None:
    assert [verdict(value, schema) for value, schema in cases] == [expected] * len(cases)


@given(VALUES, st.sampled_from(SCHEMAS))
def test_what_is_plain_is_what_json_schema_says(value: object, schema: dict[str, Any]) -> None:
    assert verdict(value, schema) in {None, Draft202012Validator(schema).is_valid(value)}


def test_a_right_account_is_plainly_right() -> None:
    account = {
        "protocol": "smtp",
        "smtp": {"host": "smtp.shop.example", "port": 465, "tls": {"mode": "implicit"}},
        "username": "billing@shop.example",
        "password": {"env": "SMTP_PASSWORD"},
        "limits": {"per_minute": 30},
    }

    assert verdict(account, closed_schema(Shape.SMTP)) is True

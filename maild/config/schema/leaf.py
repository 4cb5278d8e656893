"""Judges the simplest values at once, so that JSON Schema's machinery only runs where there may be something to say.

Nine values of ten are a number, a flag, an address or one of a few words. For each of them the validator would make
three objects and call five functions. What is not plainly right here is left to it, so it alone decides and reports.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_TEXT: Final = frozenset({"type", "enum", "format", "minLength", "maxLength", "pattern", "patternErrorMessage"})
_NUMBER: Final = frozenset({"type", "const", "minimum", "maximum"})
_FLAG: Final = frozenset({"type"})


def is_plainly_right(value: object, schema: Mapping[str, Any]) -> bool:
    """Whether a value is right by a schema that has only keywords known here. False: to be looked at."""
    match value:
        case bool():
            return schema.keys() <= _FLAG and schema.get("type") == "boolean"
        case str():
            return schema.keys() <= _TEXT and schema.get("type") == "string" and _is_right_text(value, schema)
        case int():
            return (
                schema.keys() <= _NUMBER
                and schema.get("type") == "integer"
                and schema.get("const", value) == value
                and schema.get("minimum", value) <= value <= schema.get("maximum", value)
            )
        case _:
            return False


def _is_right_text(text: str, schema: Mapping[str, Any]) -> bool:
    return (
        ("enum" not in schema or text in schema["enum"])
        and schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text))
        and ("pattern" not in schema or re.search(schema["pattern"], text) is not None)
    )


def check_properties(
    validator: "Draft202012Validator", properties: Mapping[str, Any], instance: object, _schema: Mapping[str, Any]
) -> "Iterator[ValidationError]":
    """The keyword `properties` (JSON Schema 2020-12, core §10.3.2.1), without the values that are plainly right."""
    if not isinstance(instance, dict):
        return
    for key, schema in properties.items():
        if key in instance and not is_plainly_right(instance[key], schema):
            yield from validator.descend(instance[key], schema, path=key, schema_path=key)


def check_items(
    validator: "Draft202012Validator", items: Mapping[str, Any], instance: object, schema: Mapping[str, Any]
) -> "Iterator[ValidationError]":
    """The keyword `items` (core §10.3.1.2), likewise; nothing in a list that is too long, which is the mistake then."""
    if not isinstance(instance, list) or len(instance) > schema.get("maxItems", len(instance)):
        return
    for index, entry in enumerate(instance):
        if not is_plainly_right(entry, items):
            yield from validator.descend(entry, items, path=index)

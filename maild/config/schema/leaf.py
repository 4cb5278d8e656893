"""Three keywords of JSON Schema without the values that are plainly right, which are nearly all there are.

`verdict` tells which those are. Everything else goes the usual way and is reported by it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maild.config.schema.verdict import verdict

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError


def check_properties(
    validator: "Draft202012Validator", properties: Mapping[str, Any], instance: object, _schema: Mapping[str, Any]
) -> "Iterator[ValidationError]":
    """The keyword `properties` (JSON Schema 2020-12, core §10.3.2.1)."""
    if not isinstance(instance, dict):
        return
    for key, schema in properties.items():
        if key in instance and not verdict(instance[key], schema):
            yield from validator.descend(instance[key], schema, path=key, schema_path=key)


def check_items(
    validator: "Draft202012Validator", items: Mapping[str, Any], instance: object, schema: Mapping[str, Any]
) -> "Iterator[ValidationError]":
    """The keyword `items` (core §10.3.1.2); nothing in a list that is too long, which is the mistake then."""
    if not isinstance(instance, list) or len(instance) > schema.get("maxItems", len(instance)):
        return
    for index, entry in enumerate(instance):
        if not verdict(entry, items):
            yield from validator.descend(entry, items, path=index)


def check_all(
    validator: "Draft202012Validator", parts: Sequence[Mapping[str, Any]], instance: object, _schema: Mapping[str, Any]
) -> "Iterator[ValidationError]":
    """The keyword `allOf` (core §10.2.1.1)."""
    for index, schema in enumerate(parts):
        if not verdict(instance, schema):
            yield from validator.descend(instance, schema, schema_path=index)

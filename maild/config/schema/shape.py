"""The closed shapes that files are held to, cut from the published schemas.

An account is dispatched on `protocol` in code and held to one closed branch. A validator that tries all branches of
a schema reports a mistake in one of them as a list of misfits in all.
"""

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from maild.config.document import join_pointer
from maild.config.fault import Pointer
from maild.config.resources import schema_text

Schema: TypeAlias = Mapping[str, Any]

END: Final = r"\Z"
"""The end of a text in Python's regular expressions."""

_DEFS: Final = "#/$defs/"


class Shape(StrEnum):
    """What a file can be."""

    SMTP = "smtp"
    HTTP = "http"
    SERVICE = "service"
    """With `protocol: http` as well: a kind of service that knows who logs in."""
    SITE = "site"


@cache
def closed_schema(shape: Shape) -> Schema:
    """The schema of one shape, without references: following them costs more than all the rest of a validation."""
    published = json.loads(schema_text("maild" if shape is Shape.SITE else "account"))
    definitions = published.pop("$defs")
    schema = published if shape is Shape.SITE else definitions[f"{shape}_account"]
    expanded = _expand(schema, definitions)
    assert isinstance(expanded, dict)
    return expanded


@cache
def known_keys(shape: Shape) -> Mapping[Pointer, tuple[str, ...]]:
    """The keys of every mapping of a shape, by the mapping's pointer; `*` in it is the number of a list's entry.

    A mapping whose keys are free (names of headers, codes of rules) is not there.
    """
    return MappingProxyType(dict(_walk(Pointer(""), closed_schema(shape))))


def _expand(node: object, definitions: Schema) -> object:
    """The schema with every reference replaced by what it names, and all in the form that is checked fastest."""
    match node:
        case {"$ref": str(reference), **beside}:
            # What stands beside a reference goes before what it names.
            target = definitions[reference.removeprefix(_DEFS)]
            return _expand({**target, **beside}, definitions)
        case dict():
            return {
                key: _expand(value, definitions)
                for keyword, content in node.items()
                for key, value in _simplify(keyword, content)
            }
        case list():
            return [_expand(value, definitions) for value in node]
        case _:
            return node


def _simplify(keyword: str, content: object) -> Iterator[tuple[str, object]]:
    """The keyword as it is checked; none where it only speaks to an editor."""
    match keyword, content:
        case "pattern", str(pattern) if pattern.endswith("$"):
            # `$` is the end in JSON Schema's dialect of regular expressions, and in Python's the place before a last
            # line break as well: a name with one would pass, and end a header early.
            yield keyword, pattern.removesuffix("$") + END
        case (("anyOf" | "oneOf"), list(choices)) if all("const" in choice for choice in choices):
            # Choices with a description each are what an editor can show.
            yield "enum", [choice["const"] for choice in choices]
        case "anyOf", list(choices) if "const" not in choices[-1]:
            # Suggestions, and then whatever else the other keywords let through.
            return
        case (
            ("title" | "description" | "default" | "examples" | "defaultSnippets" | "$comment"),
            str() | list() | bool() | int() | None,
        ):
            return
        case _:
            yield keyword, content


def _walk(pointer: Pointer, schema: Schema) -> Iterator[tuple[Pointer, tuple[str, ...]]]:
    properties = schema.get("properties")
    if properties is not None:
        yield pointer, tuple(properties)
        for key, member in properties.items():
            yield from _walk(join_pointer(pointer, key), member)
    if "items" in schema:
        yield from _walk(join_pointer(pointer, "*"), schema["items"])

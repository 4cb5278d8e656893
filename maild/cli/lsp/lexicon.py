"""What the published schemas say about a key or a value, for people: title, description, choices, examples. Pure.

`config.schema` takes the same schemas for judging and throws the words away; here the words are what counts.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

from maild.config.fault import Pointer
from maild.config.folder import FileKind
from maild.config.resources import schema_text
from maild.rules.pointing import tokens

Schema: TypeAlias = Mapping[str, Any]

_DEFS: Final = "#/$defs/"
_PROTOCOL: Final = Pointer("/protocol")
_KIND: Final = Pointer("/http/kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the values that can stand at a key, or, with `is_example`, one that might."""

    value: object
    title: str = ""
    description: str = ""
    is_example: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The schema of one file, with the account's branch that its `protocol` chooses; both branches without one."""

    root: Schema
    definitions: Schema

    @classmethod
    def of(cls, kind: FileKind, values: Mapping[Pointer, str]) -> "Lexicon":
        """The schema for a file of this kind with these scalars in it."""
        published = _published("maild" if kind is FileKind.SITE else "account")
        definitions = published.get("$defs", {})
        if kind is FileKind.SITE:
            return cls(root=published, definitions=definitions)
        smtp, http = definitions["smtp_account"], definitions["http_account"]
        http_kinds = definitions["kind"]["oneOf"]
        match values.get(_PROTOCOL):
            case "smtp":
                return cls(root=smtp, definitions=definitions)
            case "http" if values.get(_KIND, "form") in {one["const"] for one in http_kinds} - {"form"}:
                return cls(root=definitions["service_account"], definitions=definitions)
            case "http":
                return cls(root=http, definitions=definitions)
            case _:
                both = {**published, "properties": {**smtp["properties"], **http["properties"]}}
                return cls(root=both, definitions=definitions)

    def topic(self, pointer: Pointer) -> Schema | None:
        """The schema of the value at a pointer; None where the schema knows none."""
        schema = self._resolved(self.root)
        for token in tokens(pointer):
            member = _member(schema, token)
            if member is None:
                return None
            schema = self._resolved(member)
        return schema

    def keys(self, pointer: Pointer) -> tuple[tuple[str, Schema], ...]:
        """The keys that the mapping at a pointer can have, in the schema's order, the required ones first."""
        schema = self.topic(pointer)
        if schema is None or "properties" not in schema:
            return ()
        required = schema.get("required", ())
        named = [(key, self._resolved(member)) for key, member in schema["properties"].items()]
        return tuple(sorted(named, key=lambda pair: pair[0] not in required))

    def _resolved(self, schema: Schema) -> Schema:
        # What stands beside a reference goes before what it names.
        while "$ref" in schema:
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**self.definitions[schema["$ref"].removeprefix(_DEFS)], **beside}
        return schema


def choices(schema: Schema) -> Iterator[Choice]:
    """The values that a schema names, the possible ones before mere examples."""
    known: set[str] = set()
    for choice in (*_possible(schema), *_exemplary(schema)):
        if (text := written(choice.value)) not in known:
            known.add(text)
            yield choice


def written(value: object) -> str:
    """A value of a schema as a person would write it in YAML on one line."""
    match value:
        case str():
            return value
        case list() | dict():
            return json.dumps(value, ensure_ascii=False).replace('"', "")
        case _:
            return json.dumps(value)


def is_mapping(schema: Schema) -> bool:
    """Whether only a mapping can stand there."""
    return schema.get("type") == "object"


def _possible(schema: Schema) -> Iterator[Choice]:
    for keyword in ("oneOf", "anyOf"):
        for choice in schema.get(keyword, ()):
            if "const" in choice:
                yield Choice(value=choice["const"], title=choice["title"], description=choice["description"])
    if "const" in schema:
        yield Choice(value=schema["const"])
    if schema.get("type") == "boolean" and "const" not in schema:
        yield Choice(value=True)
        yield Choice(value=False)


def _exemplary(schema: Schema) -> Iterator[Choice]:
    if "default" in schema:
        yield Choice(value=schema["default"], title="the default", is_example=True)
    for example in schema.get("examples", ()):
        yield Choice(value=example, title="an example", is_example=True)


def _member(schema: Schema, token: str) -> Schema | None:
    member = schema.get("properties", {}).get(token)
    if member is None and token.isdecimal():
        member = schema.get("items")
    if member is None:
        member = schema.get("additionalProperties")
    return member if isinstance(member, dict) else None


@cache
def _published(name: str) -> Schema:
    schema: Schema = json.loads(schema_text(name))
    return schema

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from maild.config.resources import SCHEMA_NAMES, schema_text
from maild.errors import UsageError
from tests.rows import each_row


@each_row("name", SCHEMA_NAMES)
def test_every_schema_is_found_and_names_its_dialect(name: str) -> None:
    schema = json.loads(schema_text(name))

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def properties_in(schema: object, definitions: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each key that a schema knows, with what a reference adds to it; not those of conditions."""
    if isinstance(schema, list):
        for one in schema:
            yield from properties_in(one, definitions)
    elif isinstance(schema, dict):
        for key, member in schema.get("properties", {}).items():
            reference = member.get("$ref", "").removeprefix("#/$defs/")
            yield key, {**definitions.get(reference, {}), **member}
        for keyword, content in schema.items():
            members = content.values() if keyword in {"properties", "$defs"} else [content]
            for member in members if keyword not in {"if", "allOf", "examples", "default", "defaultSnippets"} else ():
                yield from properties_in(member, definitions)


@each_row("name", SCHEMA_NAMES)
def test_every_key_of_every_schema_has_a_title_and_a_description(name: str) -> None:
    schema = json.loads(schema_text(name))
    described = list(properties_in(schema, schema.get("$defs", {})))

    assert len(described) > 5
    assert [key for key, whole in described if not (whole.get("title") and whole.get("description"))] == []


@each_row("name", SCHEMA_NAMES)
def test_the_words_of_a_choice_are_all_explained(name: str) -> None:
    schema = json.loads(schema_text(name))

    for key, whole in properties_in(schema, schema.get("$defs", {})):
        for choice in whole.get("enum", ()):
            assert (
                choice is None or str(choice) in {"error", "warning", "info"} or f"{choice}" in whole["description"]
            ), key


def test_every_schema_has_a_name_of_its_own() -> None:
    names = [json.loads(schema_text(name))["$id"] for name in SCHEMA_NAMES]

    assert names == [f"urn:maild:schema:{name}" for name in SCHEMA_NAMES]


def test_a_schema_that_does_not_exist_is_a_wrong_use() -> None:
    with pytest.raises(UsageError, match=r"There is no schema nothing\. There are: account, maild,"):
        schema_text("nothing")


def test_a_route_s_accounts_promise_what_routing_does() -> None:
    # As README says: a message goes through its account or waits.
    accounts = json.loads(schema_text("maild"))["properties"]["routes"]["items"]["properties"]["accounts"]

    assert "While it cannot send, the next one does" in accounts["description"]
    assert "When none can send, messages wait" in accounts["description"]


def test_the_level_debug_promises_the_events_that_have_it_and_no_protocol_trace() -> None:
    levels = json.loads(schema_text("maild"))["properties"]["log"]["properties"]["level"]["oneOf"]
    (debug,) = [level["description"] for level in levels if level["const"] == "debug"]

    assert debug.startswith("Also what goes as it should: sessions opened, logins that worked")

"""Kinds of values in plain words, for people who do not know the words of JSON."""

from typing import Final

KIND_WORDS: Final = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}
"""The types of JSON Schema."""

MAX_SHOWN_CHARS: Final = 200
"""A value that is longer helps nobody in a sentence."""


_TYPES: Final[tuple[tuple[type, str], ...]] = (
    (type(None), "null"),
    # Before int: to Python, true is one.
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)


def kind_of(value: object) -> str:
    """What a value of a document is."""
    return next(KIND_WORDS[name] for type_, name in _TYPES if isinstance(value, type_))


def shown(value: object) -> str:
    """A scalar as YAML has it, cut where it gets long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)[:MAX_SHOWN_CHARS]

"""Whether a value is right by a schema, told at once where that is plain, so that a right file costs next to nothing.

For each value JSON Schema's machinery makes three objects and calls five functions. What is not plainly right here is
left to it, so it alone decides and reports. None: not plain, or the schema has a keyword that is not known here.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

Keywords: TypeAlias = Mapping[str, Any]
Judge: TypeAlias = Callable[[Any, Any, Keywords], bool | None]


def verdict(value: object, schema: Keywords) -> bool | None:
    """True: the value is right. False: it is not. None: somebody else has to look."""
    is_plain = True
    for keyword, content in schema.items():
        judge = _JUDGES.get(keyword)
        is_right = None if judge is None else judge(value, content, schema)
        if is_right is False:
            return False
        is_plain = is_plain and is_right is not None
    return True if is_plain else None


def _all(verdicts: Iterable[bool | None]) -> bool | None:
    is_plain = True
    for one in verdicts:
        if one is False:
            return False
        is_plain = is_plain and one is not None
    return True if is_plain else None


def _is_nothing(_value: object, _content: object, _schema: Keywords) -> bool:
    """A keyword that says nothing by itself."""
    return True


def _is_type(value: object, content: str | list[str], _schema: Keywords) -> bool | None:
    names = _TYPES.get(type(value))
    # 465.0 is an integer by JSON Schema: numbers with a fraction are left to it.
    if names is None:
        return None
    return content in names if isinstance(content, str) else any(name in names for name in content)


def _is_choice(value: object, content: list[object], _schema: Keywords) -> bool | None:
    return value in content if isinstance(value, str) else None


def _is_constant(value: object, content: object, _schema: Keywords) -> bool | None:
    return value == content if isinstance(value, str) or type(value) is type(content) is int else None


def _is_at_least(value: object, content: int, _schema: Keywords) -> bool | None:
    return value >= content if type(value) is int else None


def _is_at_most(value: object, content: int, _schema: Keywords) -> bool | None:
    return value <= content if type(value) is int else None


def _is_long_enough(value: object, content: int, _schema: Keywords) -> bool:
    return not isinstance(value, str) or len(value) >= content


def _is_short_enough(value: object, content: int, _schema: Keywords) -> bool:
    return not isinstance(value, str) or len(value) <= content


def _has_pattern(value: object, content: str, _schema: Keywords) -> bool:
    return not isinstance(value, str) or re.search(content, value) is not None


def _has_keys(value: object, content: list[str], _schema: Keywords) -> bool:
    return not isinstance(value, dict) or all(key in value for key in content)


def _has_keys_together(value: object, content: Mapping[str, list[str]], _schema: Keywords) -> bool:
    return not isinstance(value, dict) or all(
        other in value for key, others in content.items() if key in value for other in others
    )


def _are_members(value: object, content: Mapping[str, Keywords], _schema: Keywords) -> bool | None:
    if not isinstance(value, dict):
        return True
    return _all(verdict(value[key], schema) for key, schema in content.items() if key in value)


def _are_others(value: object, content: object, schema: Keywords) -> bool | None:
    if not isinstance(value, dict):
        return True
    others = value.keys() - schema.get("properties", {}).keys()
    if not others:
        return True
    if isinstance(content, dict):
        return _all(verdict(value[key], content) for key in others)
    return content if isinstance(content, bool) else None


def _are_names(value: object, content: Keywords, _schema: Keywords) -> bool | None:
    return _all(verdict(key, content) for key in value) if isinstance(value, dict) else True


def _are_entries(value: object, content: Keywords, _schema: Keywords) -> bool | None:
    return _all(verdict(entry, content) for entry in value) if isinstance(value, list) else True


def _is_if(value: object, content: Keywords, schema: Keywords) -> bool | None:
    is_so = verdict(value, content)
    return None if is_so is None else verdict(value, schema.get("then" if is_so else "else", {}))


def _is_not(value: object, content: Keywords, _schema: Keywords) -> bool | None:
    is_so = verdict(value, content)
    return None if is_so is None else not is_so


def _is_all(value: object, content: list[Keywords], _schema: Keywords) -> bool | None:
    return _all(verdict(value, schema) for schema in content)


def _is_full_enough(value: object, content: int, _schema: Keywords) -> bool:
    return not isinstance(value, list) or len(value) >= content


def _is_empty_enough(value: object, content: int, _schema: Keywords) -> bool:
    return not isinstance(value, list) or len(value) <= content


def _has_enough_keys(value: object, content: int, _schema: Keywords) -> bool:
    return not isinstance(value, dict) or len(value) >= content


def _has_few_keys(value: object, content: int, _schema: Keywords) -> bool:
    return not isinstance(value, dict) or len(value) <= content


_TYPES: Final[Mapping[type, frozenset[str]]] = {
    bool: frozenset({"boolean"}),
    int: frozenset({"integer", "number"}),
    str: frozenset({"string"}),
    dict: frozenset({"object"}),
    list: frozenset({"array"}),
    type(None): frozenset({"null"}),
}
_JUDGES: Final[Mapping[str, Judge]] = {
    "type": _is_type,
    "enum": _is_choice,
    "const": _is_constant,
    "minimum": _is_at_least,
    "maximum": _is_at_most,
    "minLength": _is_long_enough,
    "maxLength": _is_short_enough,
    "pattern": _has_pattern,
    "required": _has_keys,
    "dependentRequired": _has_keys_together,
    "properties": _are_members,
    "additionalProperties": _are_others,
    "propertyNames": _are_names,
    "items": _are_entries,
    "minItems": _is_full_enough,
    "maxItems": _is_empty_enough,
    "minProperties": _has_enough_keys,
    "maxProperties": _has_few_keys,
    "if": _is_if,
    "then": _is_nothing,
    "else": _is_nothing,
    "not": _is_not,
    "allOf": _is_all,
    # What editors show, and what no validator checks unless told to.
    "format": _is_nothing,
    "patternErrorMessage": _is_nothing,
    "default": _is_nothing,
}

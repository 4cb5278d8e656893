"""How answers of JMAP are read (RFC 8620 §3.4). Pure. What is not of the right type is not there."""

import json
from collections.abc import Mapping
from typing import Any


class JmapError(Exception):
    """The service cannot be used; the text says why, as the end of a sentence."""


def parse_object(text: str) -> Mapping[str, Any]:
    """The object that a whole answer is.

    Raises:
        JmapError: it is none.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise JmapError("what answers there is not JMAP: http.url has to be the address of the session")
    return found


def mapping_of(value: object) -> Mapping[str, Any]:
    """The value, or an empty object where it is none."""
    return value if isinstance(value, dict) else {}


def method_answers(text: str) -> list[list[Any]]:
    """Name, result and call of each method's answer.

    Raises:
        JmapError: the answer is no object.
    """
    found = parse_object(text).get("methodResponses")
    answers = found if isinstance(found, list) else []
    return [one for one in answers if isinstance(one, list) and len(one) == 3]


def listed(answers: list[list[Any]], name: str) -> list[Mapping[str, Any]]:
    """What a method of that name found."""
    found = next((mapping_of(one[1]).get("list") for one in answers if one[0] == name), None)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

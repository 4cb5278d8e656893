"""Holds a document to its shape and reports what a person would: the cause, once, and not what follows from it."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from maild.config.document import Document, join_pointer
from maild.config.fault import DependentKeyMissing, Fault, InvalidChoice, MissingKey, Pointer, UnknownKey, WrongType
from maild.config.model import HttpKind
from maild.config.schema.kind import kind_of, shown
from maild.config.schema.leaf import check_all, check_items, check_properties
from maild.config.schema.shape import Shape, closed_schema, known_keys
from maild.config.schema.translate import PROTOCOL, ROOT, translate

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

MAX_FAULTS: Final = 1000
"""A file with more is no configuration; each is compared with others, and a hostile file has tens of thousands."""

_WITH_LOGIN: Final = frozenset(HttpKind) - {HttpKind.FORM}
_PROTOCOLS: Final = (Shape.SMTP, Shape.HTTP)


def validate_account(document: Document) -> tuple[Fault, ...]:
    """What is wrong with an account's structure."""
    value = {} if document.value is None else document.value
    if not isinstance(value, dict):
        return (WrongType(pointer=ROOT, expected=("a mapping",), found=kind_of(value)),)
    protocol = value.get("protocol")
    match protocol:
        case "smtp":
            return tuple(_faults(Shape.SMTP, value))
        case "http":
            return tuple(_faults_of_http(value))
        case str():
            return (
                InvalidChoice(
                    pointer=PROTOCOL, found=shown(protocol), allowed=tuple(shape.value for shape in _PROTOCOLS)
                ),
            )
        case None if "protocol" not in value:
            return tuple(_without_protocol(value))
        case _:
            return (WrongType(pointer=PROTOCOL, expected=("text",), found=kind_of(protocol)),)


def shape_of_http(value: Mapping[str, object]) -> Shape:
    """The shape of an account with `protocol: http`, by the kind of its service."""
    section = value.get("http")
    kind = section.get("kind") if isinstance(section, dict) else None
    if isinstance(kind, str) and kind in frozenset(HttpKind):
        return Shape.SERVICE if kind in _WITH_LOGIN else Shape.HTTP
    # Missing, misspelt or at another level; what stands beside it tells which kinds were meant.
    has_url, has_kind = (isinstance(section, dict) and key in section for key in ("url", "kind"))
    is_form = not has_kind and ("smtp" in value or (has_url and not _has_odd_key(value, section)))
    return Shape.SERVICE if {"password", "oauth"} & value.keys() and not is_form else Shape.HTTP


def _has_odd_key(value: Mapping[str, object], section: object) -> bool:
    """Whether a key is there that no HTTP account has in its place, and that may be the kind."""
    known = set(known_keys(Shape.SERVICE)[Pointer("/http")])
    return "kind" in value or (isinstance(section, dict) and not section.keys() <= known)


def _faults_of_http(value: Mapping[str, object]) -> Iterator[Fault]:
    shape, section = shape_of_http(value), value.get("http")
    faults = _faults(shape, value)
    kind = section.get("kind") if isinstance(section, dict) else None
    if shape is Shape.HTTP or (isinstance(kind, str) and kind in frozenset(HttpKind)):
        yield from faults
        return
    # What a kind demands is not known as long as the kind is not.
    yield from (fault for fault in faults if not isinstance(fault, DependentKeyMissing))


def validate_site(document: Document) -> tuple[Fault, ...]:
    """What is wrong with the structure of maild.yaml."""
    return tuple(_faults(Shape.SITE, {} if document.value is None else document.value))


def _faults(shape: Shape, value: object) -> Iterable[Fault]:
    errors = _validator(shape).iter_errors(value)
    # A fault can come twice: an error of `required` does not say for which of the keys it stands.
    return dict.fromkeys(islice((fault for error in errors for fault in translate(error, shape)), MAX_FAULTS))


def _without_protocol(value: dict[str, object]) -> Iterator[Fault]:
    # Nothing tells which keys may be there, so only those are unknown that no protocol has.
    allowed = tuple(dict.fromkeys(key for shape in _PROTOCOLS for key in known_keys(shape)[ROOT]))
    yield MissingKey(pointer=ROOT, key="protocol")
    for key in islice((key for key in value if key not in allowed), MAX_FAULTS):
        yield UnknownKey(pointer=join_pointer(ROOT, key), key=key, allowed=allowed)


@cache
def _validator(shape: Shape) -> "Draft202012Validator":
    # Imported when the first file is validated: it takes longer than all else that a command needs to start.
    from jsonschema import Draft202012Validator  # noqa: PLC0415
    from jsonschema.validators import extend  # noqa: PLC0415

    kind: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call] # the stubs leave it out
        Draft202012Validator, {"properties": check_properties, "items": check_items, "allOf": check_all}
    )
    return kind(closed_schema(shape))

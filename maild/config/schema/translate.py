"""From the errors of JSON Schema to faults: by keyword, path and schema, never by their message, which shows values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from maild.config.document import join_pointer
from maild.config.duration import DURATION
from maild.config.fault import (
    DependentKeyMissing,
    Fault,
    InvalidChoice,
    InvalidDuration,
    InvalidSize,
    InvalidText,
    KeyOfOtherProtocol,
    MissingKey,
    MutuallyExclusive,
    OutOfRange,
    Pointer,
    UnknownKey,
    WrongType,
)
from maild.config.password import PASSWORD, REFERENCE_KEYS
from maild.config.schema.kind import KIND_WORDS, kind_of, shown
from maild.config.schema.shape import END, Shape, known_keys
from maild.config.size import SIZE

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

DURATION_PATTERN: Final = f"^{DURATION.pattern}{END}"
SIZE_PATTERN: Final = f"^{SIZE.pattern}{END}"
"""What the schema says of a duration and of a size; the two patterns that have a fault of their own."""

ROOT: Final = Pointer("")
PROTOCOL: Final = Pointer("/protocol")
USERNAME: Final = Pointer("/username")
AUTH: Final = Pointer("/smtp/auth")
OAUTH: Final = Pointer("/oauth")
KIND: Final = Pointer("/http/kind")

_OAUTH_PROVIDER: Final = Pointer("/oauth/provider")
_OAUTH_DEMANDS: Final = {
    "tenant": Pointer("/oauth/grant"),
    "token_url": _OAUTH_PROVIDER,
    "scope": _OAUTH_PROVIDER,
    "client_id": None,
    "provider": None,
}
"""What demands a key of the section; None: the section itself."""

_OTHER: Final[Mapping[Shape, Shape]] = {
    Shape.SMTP: Shape.HTTP,
    Shape.HTTP: Shape.SMTP,
    Shape.SERVICE: Shape.SMTP,
}
_UNITS: Final = {"Length": ("character", "characters"), "Items": ("entry", "entries"), "Properties": ("key", "keys")}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Misfit:
    """A schema error by its parts; `wanted` is what the keyword says. No closed schema has `false` in it."""

    keyword: str
    pointer: Pointer
    schema_path: tuple[str | int, ...]
    schema: Mapping[str, Any]
    wanted: Any
    instance: Any

    @classmethod
    def of(cls, error: "ValidationError") -> "_Misfit":
        assert isinstance(error.schema, Mapping)
        pointer = ROOT
        for token in error.absolute_path:
            pointer = join_pointer(pointer, token)
        return cls(
            keyword=str(error.validator),
            pointer=pointer,
            schema_path=tuple(error.absolute_schema_path),
            schema=error.schema,
            wanted=error.validator_value,
            instance=error.instance,
        )


def translate(error: "ValidationError", shape: Shape) -> Iterator[Fault]:
    """The faults that an error of the closed schema of `shape` stands for; the same one may come with another error."""
    misfit = _Misfit.of(error)
    match misfit.keyword:
        case "required":
            yield from _missing(misfit, shape)
        case "additionalProperties":
            for key in misfit.instance:
                if key not in misfit.schema["properties"]:
                    yield _unknown_key(misfit.pointer, key, shape)
        case "dependentRequired":
            yield from _dependent(misfit)
        case "minProperties" | "maxProperties" if misfit.pointer.endswith(PASSWORD):
            yield from _password_ways(misfit)
        case "not" if misfit.pointer == "/http":
            return  # a key that the kind of service does not have: `judge_service` speaks of all of them at once
        case "not":
            # A password where nobody logs in.
            yield MutuallyExclusive(pointer=ROOT, keys=(AUTH.removeprefix("/"), PASSWORD.removeprefix("/")))
        case keyword:
            yield _VALUE_FAULTS.get(keyword, _size)(misfit)


def _wrong_type(misfit: _Misfit) -> Fault:
    is_number = isinstance(misfit.instance, int | float) and not isinstance(misfit.instance, bool)
    if is_number and misfit.schema.get("pattern") == DURATION_PATTERN:
        return InvalidDuration(pointer=misfit.pointer, found=shown(misfit.instance))
    if is_number and misfit.schema.get("pattern") == SIZE_PATTERN:
        return InvalidSize(pointer=misfit.pointer, found=shown(misfit.instance))
    names = [misfit.wanted] if isinstance(misfit.wanted, str) else misfit.wanted
    expected = tuple(KIND_WORDS[name] for name in names)
    return WrongType(pointer=misfit.pointer, expected=expected, found=kind_of(misfit.instance))


def _missing(misfit: _Misfit, shape: Shape) -> Iterator[Fault]:
    is_conditional = misfit.schema_path[0] == "allOf"
    for key in misfit.wanted:
        if key in misfit.instance:
            continue
        if misfit.pointer == "/http" and "allOf" in misfit.schema_path:
            yield MissingKey(pointer=misfit.pointer, key=key, because=KIND)
            continue
        if misfit.pointer == OAUTH:
            because = _OAUTH_DEMANDS.get(key)
            yield MissingKey(pointer=OAUTH, key=key, because=because)
            continue
        if not is_conditional:
            is_of_protocol = shape in _OTHER and not misfit.pointer.endswith("/proxy_login")
            yield MissingKey(pointer=misfit.pointer, key=key, because=PROTOCOL if is_of_protocol else None)
        elif key == "email":
            because = USERNAME if "username" in misfit.instance else None
            yield MissingKey(pointer=misfit.pointer, key=key, because=because)
        else:
            yield DependentKeyMissing(pointer=AUTH, key="auth", needs=key)


def _wrong_choice(misfit: _Misfit) -> Fault:
    choices = misfit.wanted if misfit.keyword == "enum" else [misfit.wanted]
    # 1.2 can be written as text and as a number; people are told of it once.
    allowed = tuple(dict.fromkeys(shown(choice) for choice in choices))
    return InvalidChoice(pointer=misfit.pointer, found=shown(misfit.instance), allowed=allowed)


def _number(misfit: _Misfit) -> Fault:
    low, high = str(misfit.schema["minimum"]), str(misfit.schema["maximum"])
    return OutOfRange(pointer=misfit.pointer, found=shown(misfit.instance), minimum=low, maximum=high)


def _unknown_key(pointer: Pointer, key: str, shape: Shape) -> Fault:
    own = join_pointer(pointer, key)
    other = _OTHER.get(shape)
    if other is not None and key in _keys_of_other(pointer, shape, other):
        return KeyOfOtherProtocol(pointer=own, key=key, protocol=other.value, because=PROTOCOL)
    return UnknownKey(pointer=own, key=key, allowed=known_keys(shape)[_numberless(pointer)])


def _numberless(pointer: Pointer) -> Pointer:
    return Pointer("/".join("*" if token.isdecimal() else token for token in pointer.split("/")))


def _section(shape: Shape) -> Pointer:
    """The section of a protocol."""
    return Pointer("/http") if shape is Shape.SERVICE else Pointer(f"/{shape}")


def _keys_of_other(pointer: Pointer, shape: Shape, other: Shape) -> set[str]:
    """The keys that only the other protocol has, here or in its section."""
    keys = known_keys(other)
    section = set(keys[Pointer(f"/{other}")])
    if pointer == ROOT:
        # A key of the own section at the wrong level is not the other protocol's.
        return (set(keys[ROOT]) | section) - set(known_keys(shape)[_section(shape)])
    return section if pointer == f"/{shape}" else set()


def _dependent(misfit: _Misfit) -> Iterator[Fault]:
    for key, others in misfit.wanted.items():
        for other in others:
            if key in misfit.instance and other not in misfit.instance:
                if key == "http":
                    # It is the kind of service that wants it.
                    yield DependentKeyMissing(pointer=KIND, key="kind", needs=other)
                else:
                    yield DependentKeyMissing(pointer=join_pointer(misfit.pointer, key), key=key, needs=other)


def _pattern(misfit: _Misfit) -> Fault:
    if misfit.wanted == DURATION_PATTERN:
        return InvalidDuration(pointer=misfit.pointer, found=shown(misfit.instance))
    if misfit.wanted == SIZE_PATTERN:
        return InvalidSize(pointer=misfit.pointer, found=shown(misfit.instance))
    pointer = misfit.pointer
    if "propertyNames" in misfit.schema_path:
        # The name itself is what was looked at, so the path ends before it.
        pointer = join_pointer(pointer, misfit.instance)
    return InvalidText(pointer=pointer, problem=misfit.schema["patternErrorMessage"])


def _password_ways(misfit: _Misfit) -> Iterator[Fault]:
    ways = tuple(key for key in misfit.instance if key in REFERENCE_KEYS)
    if len(ways) > 1:
        yield MutuallyExclusive(pointer=misfit.pointer, keys=ways)
    elif not misfit.instance:
        yield MissingKey(pointer=misfit.pointer, key="file")


def _size(misfit: _Misfit) -> Fault:
    """An error of minLength, maxItems and the like."""
    what = misfit.keyword[len("min") :]
    low, high = misfit.schema.get(f"min{what}"), misfit.schema.get(f"max{what}")
    return OutOfRange(
        pointer=misfit.pointer,
        found=_count(len(misfit.instance), what),
        minimum=None if low is None else _count(low, what),
        maximum=None if high is None else _count(high, what),
    )


def _count(number: int, what: str) -> str:
    one, many = _UNITS[what]
    return f"{number} {one if number == 1 else many}"


_VALUE_FAULTS: Final[Mapping[str, Callable[[_Misfit], Fault]]] = {
    "type": _wrong_type,
    "enum": _wrong_choice,
    "const": _wrong_choice,
    "pattern": _pattern,
    "minimum": _number,
    "maximum": _number,
}
"""The keywords that judge one value; what is not here is about its size."""

"""What parsing and building can find wrong with a file, as values without words.

`rules/` gives each its code, severity and sentence. A fault names a JSON Pointer (RFC 6901) where the document could
be read, and a span where it could not. A fault never holds the value of a secret.
"""

from dataclasses import dataclass
from typing import Final, NewType, TypeAlias

from maild.config.foreign import CopiedCharacters, ForeignFile
from maild.diagnostics import Span

Pointer = NewType("Pointer", str)
"""RFC 6901: "" is the whole document, "/smtp/port" one value in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlSyntax:
    """The text is no YAML. `problem` is the parser's finding, `cause` the usual reason for it, when recognised.

    A cause is one of `SyntaxCause`; the span is where a person would look for it.
    """

    span: Span
    problem: str
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUtf8:
    """The bytes are not UTF-8; `guess` names what they look like."""

    span: Span
    guess: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLarge:
    """The file is larger than a configuration can be."""

    size_bytes: int
    limit_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TooDeep:
    """Nested deeper than the limit; the span is where the limit was passed."""

    span: Span
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyNodes:
    """More values than the limit once every alias is written out; the span is where the limit was passed."""

    span: Span
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecursiveAlias:
    """An anchor that contains itself."""

    span: Span
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsupportedYaml:
    """A YAML feature that a configuration does not take: a tag, a key that is no string, a second document."""

    span: Span
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateKey:
    """The same key twice in one mapping; the first one's value was kept."""

    key: str
    pointer: Pointer
    first: Span
    second: Span


MERGE_KEY: Final = "<<"
"""Copied another mapping's keys in YAML 1.1; in YAML 1.2, which is what is read, it is a key like any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownKey:
    """A key that nothing reads. `pointer` is the key's own; `allowed` are the keys that stand there otherwise."""

    pointer: Pointer
    key: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingKey:
    """A key that must be there. `pointer` is the mapping's; `because` the value that demands it, if one does."""

    pointer: Pointer
    key: str
    because: Pointer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongType:
    """A value of another kind than expected, both in plain words ("a whole number", "a list")."""

    pointer: Pointer
    expected: tuple[str, ...]
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidChoice:
    """A value that is none of the allowed ones."""

    pointer: Pointer
    found: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOfOtherProtocol:
    """A key that belongs to the protocol that was not chosen; `because` points at the value that chose."""

    pointer: Pointer
    key: str
    protocol: str
    because: Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfRange:
    """A number, length or count outside its limits."""

    pointer: Pointer
    found: str
    minimum: str | None
    maximum: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MutuallyExclusive:
    """Keys of which only one may be there; each is a pointer from `pointer` on, without the first slash."""

    pointer: Pointer
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DependentKeyMissing:
    """A key that another one needs, such as a username without a password reference."""

    pointer: Pointer
    key: str
    needs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidDuration:
    """Text that is no duration such as 30s, 5m, 4h, 5d."""

    pointer: Pointer
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidSize:
    """Text that is no size such as 500kB, 25MB, 1GB."""

    pointer: Pointer
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidEmail:
    """Text that is no single mail address; `problem` says what is wrong, `suggestion` what was probably meant."""

    pointer: Pointer
    found: str
    problem: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidHostname:
    """Text that is no host name or IP address; `problem` and `suggestion` as with an address."""

    pointer: Pointer
    found: str
    problem: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostWithExtras:
    """A host that carries a scheme, a port or a path; the parts tell what was meant."""

    pointer: Pointer
    found: str
    host: str
    port: int | None
    scheme: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidUrl:
    """Text that is no usable URL; `suggestion` is the whole URL that was probably meant, or empty."""

    pointer: Pointer
    found: str
    problem: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralSecret:
    """A password written as text where a reference must stand. The text is not kept."""

    pointer: Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidText:
    """Text that cannot stand there, such as a line break in a display name; `problem` says why. It is not kept."""

    pointer: Pointer
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownAccount:
    """A reference to an account that has no file; `known` are those that have."""

    pointer: Pointer
    found: str
    known: tuple[str, ...]


Fault: TypeAlias = (
    YamlSyntax
    | CopiedCharacters
    | ForeignFile
    | NotUtf8
    | TooLarge
    | TooDeep
    | TooManyNodes
    | RecursiveAlias
    | UnsupportedYaml
    | DuplicateKey
    | UnknownKey
    | MissingKey
    | WrongType
    | InvalidChoice
    | KeyOfOtherProtocol
    | OutOfRange
    | MutuallyExclusive
    | DependentKeyMissing
    | InvalidDuration
    | InvalidSize
    | InvalidEmail
    | InvalidHostname
    | HostWithExtras
    | InvalidUrl
    | LiteralSecret
    | InvalidText
    | UnknownAccount
)

"""Reading a document by JSON Pointer, and naming a pointer to people. Pure."""

from collections.abc import Iterator
from typing import Final, assert_never

from maild.config.document import Document
from maild.config.fault import Pointer
from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, SecretReference

_PASSWORD: Final = "/password"  # noqa: S105 -- the name of the key


def tokens(pointer: Pointer) -> tuple[str, ...]:
    """The keys and indexes of a pointer, unescaped (RFC 6901 §4)."""
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def value_at(document: Document | None, pointer: Pointer) -> object:
    """The value that stands there as written, None where there is none, or no document."""
    return None if document is None else document.value_at(pointer)


def parent(pointer: Pointer) -> Pointer:
    """The pointer of the mapping or list around."""
    return Pointer(pointer.rpartition("/")[0])


def key_of(pointer: Pointer) -> str:
    """The last key or index of a pointer, "" for the root."""
    return tokens(pointer)[-1] if pointer else ""


def path_of(pointer: Pointer) -> str:
    """The pointer as people write it, `smtp.tls.mode`; list entries count from 1: `routes[2].match`."""
    path = ""
    for token in tokens(pointer):
        path += f"[{int(token) + 1}]" if token.isdecimal() else f".{token}" if path else token
    return path


def with_parents(pointer: Pointer) -> Iterator[Pointer]:
    """The pointer and those of all mappings and lists around it, without the root."""
    while pointer:
        yield pointer
        pointer = parent(pointer)


def pattern_of(pointer: Pointer) -> Pointer:
    """The pointer with `*` for every index: what all entries of a list have in common."""
    return Pointer("".join("/*" if token.isdecimal() else f"/{token}" for token in pointer.split("/")[1:]))


def reference_pointer(reference: SecretReference) -> Pointer:
    """Where an account's reference to its password says where that is: the variable, the path, the program."""
    match reference:
        case EnvRef():
            return Pointer(f"{_PASSWORD}/env")
        case FileRef():
            return Pointer(f"{_PASSWORD}/file")
        case CredentialRef():
            return Pointer(f"{_PASSWORD}/credential")
        case CommandRef():
            return Pointer(f"{_PASSWORD}/command/0")
        case _:
            assert_never(reference)

"""A request as a value: where to, with which fields, and a body in pieces, of which files are read only as it is sent.
Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, assert_never


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePiece:
    """The content of a file from a position on."""

    path: Path
    size_bytes: int
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedPiece:
    """What a part of a file says in base64 (RFC 2045 §6.8), in groups of four characters and line ends between them.

    Attributes:
        text: the part of the file.
        size_bytes: of what it says.
    """

    text: FilePiece
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Base64Piece:
    """These one after the other, as one base64 text without line ends (RFC 4648 §4)."""

    inner: "tuple[bytes | FilePiece | DecodedPiece, ...]" = field(repr=False)


PlainPiece: TypeAlias = bytes | FilePiece | DecodedPiece
Piece: TypeAlias = PlainPiece | Base64Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request; `fields` of its header hold the login, so they are shown nowhere."""

    url: str
    content_type: str = ""
    pieces: tuple[Piece, ...] = field(default=(), repr=False)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "POST"

    @property
    def size_bytes(self) -> int:
        """Of the body."""
        return sum(size_of(piece) for piece in self.pieces)


def size_of(piece: Piece) -> int:
    """How many octets a piece has on the wire."""
    match piece:
        case bytes():
            return len(piece)
        case FilePiece(size_bytes=size_bytes) | DecodedPiece(size_bytes=size_bytes):
            return size_bytes
        case Base64Piece(inner=inner):
            return (sum(size_of(one) for one in inner) + 2) // 3 * 4
        case _:
            assert_never(piece)

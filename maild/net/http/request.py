"""A request as a value: where to, with which fields, and a body in pieces, of which files are read only as it is sent.
Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from maild.net.piece import DecodedPiece, FilePiece, PlainPiece


@dataclass(frozen=True, slots=True, kw_only=True)
class Base64Piece:
    """These one after the other, as one base64 text without line ends (RFC 4648 §4)."""

    inner: tuple[PlainPiece, ...] = field(repr=False)


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

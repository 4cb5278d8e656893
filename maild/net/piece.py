"""Pieces of what is sent: octets, and parts of files that are read only as they are sent. Pure."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias


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


PlainPiece: TypeAlias = bytes | FilePiece | DecodedPiece

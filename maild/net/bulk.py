"""The bulk of a large message: long stretches of base64. They stay in their file while the rest is taken apart, so that
twenty-five megabytes of attachments cost neither their size in memory nor the time of the MIME parser. Shell code.

In place of each stretch the parser sees a line with a mark that nobody can know. A line of base64 can be no header, no
boundary and no line of an encapsulated one, so the parser finds the same parts with the mark as with the stretch.

RFC 2045 §6.8 (base64), RFC 2046 §5.1.1 (a boundary begins with two hyphens, which base64 does not have).
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from maild.net.piece import DecodedPiece, FilePiece

LEAST_BYTES: Final = 32 * 1024
"""A shorter stretch stays where it is."""

MAX_LINE_BYTES: Final = 16 * 1024
NONCE_BYTES: Final = 16

_LINE: Final = re.compile(rb"[A-Za-z0-9+/]{4,}={0,2}\r\n")
_LINE_ENDS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Lines of base64 in a file but for the last one's end, which stays with the mark; `data` is what they say, None
    where they are not in groups of four characters.
    """

    text: FilePiece
    data: DecodedPiece | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """The stretches of one message by their marks."""

    stretches: Mapping[str, Stretch] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def marks(self) -> tuple[bytes, ...]:
        """Of all stretches."""
        return tuple(mark.encode() for mark in self.stretches)

    def decoded(self, text: str) -> DecodedPiece | None:
        """What the text says in base64, when it is nothing but one stretch."""
        stretch = self.stretches.get(text.strip())
        return None if stretch is None else stretch.data

    def pieces(self, data: bytes) -> tuple[bytes | FilePiece, ...]:
        """The octets with the stretches in place of their marks."""
        if not self.stretches:
            return (data,)
        marks = b"|".join(map(re.escape, self.marks))
        found = re.split(b"(" + marks + b")", data)
        return tuple(self._piece(part) for part in found if part)

    def restored(self, text: str) -> str:
        """The text with the stretches in place of their marks, in memory.

        Raises:
            OSError: the file cannot be read.
        """
        if not any(mark in text for mark in self.stretches):
            return text
        pieces = self.pieces(text.encode("ascii", "surrogateescape"))
        return b"".join(map(_content, pieces)).decode("ascii", "surrogateescape")

    def _piece(self, part: bytes) -> bytes | FilePiece:
        stretch = self.stretches.get(part.decode("ascii", "replace"))
        return part if stretch is None else stretch.text


NO_BULK: Final = Bulk()


def read_bulk(path: Path) -> tuple[bytes, Bulk]:
    """What the file has besides long stretches of base64, with their marks in it; and those.

    Raises:
        OSError: it cannot be read.
    """
    nonce = os.urandom(NONCE_BYTES).hex()
    rest: list[bytes] = []
    stretches: dict[str, Stretch] = {}
    for part in _parts(path):
        if isinstance(part, bytes):
            rest.append(part)
        else:
            mark = f"@{nonce}-{len(stretches)}@"
            stretches[mark] = part
            rest.append(f"{mark}\r\n".encode())
    return b"".join(rest), Bulk(stretches=stretches)


def _parts(path: Path) -> Iterator[bytes | Stretch]:
    position, run = 0, _Run(path, 0)
    with path.open("rb") as file:
        while line := file.readline(MAX_LINE_BYTES):
            if _LINE.fullmatch(line) is None:
                yield from run.end()
                yield line
                run = _Run(path, position + len(line))
            else:
                run.add(line)
                if line.endswith(b"=\r\n"):
                    yield from run.end()
                    run = _Run(path, position + len(line))
            position += len(line)
    yield from run.end()


class _Run:
    """Lines of base64 in a row; only those of a short one are kept."""

    __slots__ = ("_characters", "_kept", "_last", "_path", "_position", "_size")

    def __init__(self, path: Path, position: int) -> None:
        self._path: Final = path
        self._position: Final = position
        self._kept: list[bytes] = []
        self._size = self._characters = 0
        self._last = b""

    def add(self, line: bytes) -> None:
        """One more."""
        self._size += len(line)
        self._characters += len(line) - _LINE_ENDS
        self._last = line
        if self._size <= LEAST_BYTES:
            self._kept.append(line)

    def end(self) -> Iterator[bytes | Stretch]:
        """What it came to."""
        if self._size <= LEAST_BYTES:
            yield from self._kept
            return
        text = FilePiece(path=self._path, position=self._position, size_bytes=self._size - _LINE_ENDS)
        size_bytes = self._characters // 4 * 3 - self._last.count(b"=")
        is_whole = self._characters % 4 == 0
        yield Stretch(text=text, data=DecodedPiece(text=text, size_bytes=size_bytes) if is_whole else None)


def _content(piece: bytes | FilePiece) -> bytes:
    if isinstance(piece, bytes):
        return piece
    with piece.path.open("rb") as file:
        file.seek(piece.position)
        return file.read(piece.size_bytes)

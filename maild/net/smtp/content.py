"""A message to be sent: what is known of its octets, and its blocks. Shell code where it reads a file, pure elsewhere.

Small messages are one block in memory. The body of a large one stays in its file and is read in blocks, once to learn
what it needs of a server and once to send it, so that fifty megabytes cost a few hundred kilobytes.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Self

from maild.mail.phase import Phase
from maild.mail.seven_bit import SevenBitError, TooLargeError, seven_bit
from maild.net.bulk import read_bulk
from maild.net.piece import FilePiece
from maild.net.smtp.inspection import Inspection
from maild.net.step import NetError, Reason

BLOCK_BYTES: Final = 256 * 1024
"""Two or three of these are in memory for each session that sends a large message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """In wire form: CRLF line ends, not dot-stuffed.

    Attributes:
        start: the header, the blank line and, when nothing follows, the body.
        file: the rest.
        rest: what follows in place of a file, when the message was encoded anew.
    """

    start: bytes = field(repr=False)
    file: Path | None = None
    rest: tuple[bytes | FilePiece, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, message: bytes) -> Self:
        """A message that is in memory."""
        return cls(start=message)

    @property
    def is_streamed(self) -> bool:
        """Whether not all of it is in `start`."""
        return self.file is not None or bool(self.rest)

    async def in_seven_bits(self) -> Self:
        """The same message for a server that takes no octets beyond ASCII.

        Raises:
            NetError: Reason.UNSUPPORTED: it cannot be encoded anew; why.
        """
        try:
            return await asyncio.to_thread(self._in_seven_bits)
        except SevenBitError as error:
            raise _not_encoded(str(error)) from None
        except OSError as error:
            raise _unreadable(error) from error

    def _in_seven_bits(self) -> Self:
        if self.file is None:
            return replace(self, start=seven_bit(self.start))
        # What is base64 already, such as a large attachment, stays in its file.
        rest, bulk = read_bulk(self.file)
        try:
            encoded = bulk.pieces(seven_bit(self.start + rest, bulk.marks))
        except TooLargeError:
            encoded = (seven_bit(self.start + self.file.read_bytes()),)
        return replace(self, start=b"", file=None, rest=encoded)

    async def inspect(self) -> Inspection:
        """What has to be known of it before it is sent.

        Raises:
            NetError: Reason.LOCAL: the file cannot be read now.
        """
        inspection = Inspection()
        inspection.feed(self.start)
        if self.is_streamed:
            # In one go: a turn of the event loop for each of a hundred blocks takes as long as looking at them.
            await asyncio.to_thread(_inspect, self._pieces, inspection)
        return inspection.finished()

    async def blocks(self) -> AsyncIterator[bytes]:
        """All of it, in blocks.

        Raises:
            NetError: Reason.LOCAL: the file cannot be read now.
        """
        for piece in (self.start, *self._pieces):
            blocks = _blocks(piece)
            while block := next(blocks, None) if isinstance(piece, bytes) else await asyncio.to_thread(_next, blocks):
                yield block

    @property
    def _pieces(self) -> tuple[bytes | FilePiece, ...]:
        """All but `start`."""
        return self.rest if self.file is None else (FilePiece(path=self.file, size_bytes=sys.maxsize),)


def _blocks(piece: bytes | FilePiece) -> Iterator[bytes]:
    if isinstance(piece, bytes):
        for position in range(0, len(piece), BLOCK_BYTES):
            yield piece[position : position + BLOCK_BYTES]
        return
    left = piece.size_bytes
    try:
        with piece.path.open("rb") as file:
            file.seek(piece.position)
            while block := file.read(min(BLOCK_BYTES, left)):
                left -= len(block)
                yield block
    except OSError as error:
        raise _unreadable(error) from error


def _next(blocks: Iterator[bytes]) -> bytes | None:
    """StopIteration cannot leave a thread."""
    return next(blocks, None)


def _inspect(pieces: Iterable[bytes | FilePiece], inspection: Inspection) -> None:
    for piece in pieces:
        for block in _blocks(piece):
            inspection.feed(block)


def _unreadable(error: OSError) -> NetError:
    return NetError(Phase.BODY, Reason.LOCAL, f"the message's body cannot be read from the spool: {error.strerror}")


def _not_encoded(why: str) -> NetError:
    words = f"the message has 8-bit text, the server does not offer 8BITMIME, and {why}"
    return NetError(Phase.MAIL, Reason.UNSUPPORTED, words)

"""The body of a request while it is sent: files are read piece by piece off the event loop, never whole. Shell code."""

import asyncio
import base64
import binascii
import hashlib
from collections.abc import AsyncIterator, Iterable
from typing import Final, assert_never

from maild.mail.phase import Phase
from maild.net.http.request import Base64Piece, HttpRequest, Piece
from maild.net.piece import DecodedPiece, FilePiece
from maild.net.step import NetError, Reason

BLOCK_BYTES: Final = 192 * 1024
"""Divisible by three, so that no block of base64 has to wait for the next one."""


def body_of(request: HttpRequest) -> bytes | AsyncIterator[bytes] | None:
    """What the HTTP library takes for the body."""
    match request.pieces:
        case ():
            return None
        case (bytes() as data,) if len(data) <= BLOCK_BYTES:
            return data
        case pieces:
            return stream(pieces)


def fields_of(request: HttpRequest) -> dict[str, str]:
    """The header's fields, with what the body needs."""
    fields = dict(request.fields)
    if request.pieces:
        # With its length a streamed body needs no chunks, which not every service takes.
        fields |= {"Content-Type": request.content_type, "Content-Length": str(request.size_bytes)}
    return fields


async def stream(pieces: Iterable[Piece]) -> AsyncIterator[bytes]:
    """The octets of the pieces.

    Raises:
        NetError: Reason.LOCAL: a file cannot be read, or is another one than it was.
    """
    for piece in pieces:
        match piece:
            case bytes():
                for position in range(0, len(piece), BLOCK_BYTES):
                    yield piece[position : position + BLOCK_BYTES]
            case FilePiece():
                async for block in _read(piece):
                    yield block
            case DecodedPiece():
                async for block in _decoded(piece):
                    yield block
            case Base64Piece(inner=inner):
                rest = b""
                async for block in stream(inner):
                    data = rest + block
                    whole = len(data) // 3 * 3
                    rest = data[whole:]
                    yield base64.b64encode(data[:whole])
                yield base64.b64encode(rest)
            case _:
                assert_never(piece)


async def sha256_of(pieces: Iterable[Piece]) -> str:
    """Their digest, hexadecimal, as signed requests want it before the first octet is sent.

    Raises:
        NetError: as `stream`.
    """
    digest = hashlib.sha256()
    async for block in stream(pieces):
        digest.update(block)
    return digest.hexdigest()


async def _decoded(piece: DecodedPiece) -> AsyncIterator[bytes]:
    rest, left = b"", piece.size_bytes
    async for block in _read(piece.text):
        text = rest + block.translate(None, b"\r\n")
        whole = len(text) // 4 * 4
        rest = text[whole:]
        try:
            data = binascii.a2b_base64(text[:whole])
        except binascii.Error:
            data = b""
        left -= len(data)
        yield data
    if left or rest:
        raise NetError(Phase.REQUEST, Reason.LOCAL, "the message's body is another one than it was")


async def _read(piece: FilePiece) -> AsyncIterator[bytes]:
    left = piece.size_bytes
    try:
        file = await asyncio.to_thread(piece.path.open, "rb")
        try:
            file.seek(piece.position)
            while left:
                block = await asyncio.to_thread(file.read, min(BLOCK_BYTES, left))
                if not block:
                    # What was promised in Content-Length cannot be sent any more.
                    raise NetError(Phase.REQUEST, Reason.LOCAL, "the message's body is shorter than it was")
                left -= len(block)
                yield block
        finally:
            file.close()
    except OSError as error:
        words = f"the message's body cannot be read from the spool: {error.strerror}"
        raise NetError(Phase.REQUEST, Reason.LOCAL, words) from error

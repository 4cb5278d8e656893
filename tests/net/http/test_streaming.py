import asyncio
import base64
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.net.http import Base64Piece, DecodedPiece, FilePiece, HttpRequest, Piece
from maild.net.http.streaming import BLOCK_BYTES, sha256_of, stream
from maild.net.step import NetError, Reason


def gathered(*pieces: Piece) -> bytes:
    async def scenario() -> bytes:
        return b"".join([block async for block in stream(pieces)])

    return asyncio.run(scenario())


@given(st.lists(st.binary(max_size=20), max_size=5))
def test_pieces_in_base64_are_one_text_whose_length_is_known_before(inner: list[bytes]) -> None:
    piece = Base64Piece(inner=tuple(inner))

    assert gathered(b"<", piece, b">") == b"<" + base64.b64encode(b"".join(inner)) + b">"
    assert HttpRequest(url="x", pieces=(piece,)).size_bytes == len(gathered(piece))


def test_a_file_is_streamed_in_blocks_and_digested(tmp_path: Path) -> None:
    data = bytes(range(256)) * 1024 * 3
    (tmp_path / "body").write_bytes(data)
    file = FilePiece(path=tmp_path / "body", size_bytes=len(data))
    assert len(data) > 2 * BLOCK_BYTES

    assert gathered(b"a", file) == b"a" + data
    assert base64.b64decode(gathered(Base64Piece(inner=(b"a", file)))) == b"a" + data
    assert asyncio.run(sha256_of([b"a", file])) == hashlib.sha256(b"a" + data).hexdigest()


@pytest.mark.parametrize("size", [4, None])
def test_a_file_that_is_gone_or_shorter_is_our_own_failure(tmp_path: Path, size: int | None) -> None:
    if size is not None:
        (tmp_path / "body").write_bytes(b"123")

    with pytest.raises(NetError) as caught:
        gathered(FilePiece(path=tmp_path / "body", size_bytes=4))
    assert caught.value.reason is Reason.LOCAL


def test_what_a_part_of_a_file_says_in_base64_is_decoded_on_the_way(tmp_path: Path) -> None:
    data = bytes(range(256)) * 1500
    text = base64.encodebytes(data).replace(b"\n", b"\r\n").removesuffix(b"\r\n")
    (tmp_path / "body").write_bytes(b"before" + text + b"behind")
    part = FilePiece(path=tmp_path / "body", position=6, size_bytes=len(text))
    piece = DecodedPiece(text=part, size_bytes=len(data))
    assert len(text) > 2 * BLOCK_BYTES

    assert gathered(part) == text
    assert gathered(piece) == data
    assert gathered(Base64Piece(inner=(b"x", piece))) == base64.b64encode(b"x" + data)
    assert HttpRequest(url="x", pieces=(piece, part)).size_bytes == len(data) + len(text)


@pytest.mark.parametrize("text", [b"QUJD", b"QUJDREVGR0g", b"====QUJD"])
def test_a_part_of_a_file_that_says_something_else_by_now_is_our_own_failure(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "body").write_bytes(text)
    part = FilePiece(path=tmp_path / "body", size_bytes=len(text))

    with pytest.raises(NetError) as caught:
        gathered(DecodedPiece(text=part, size_bytes=6))
    assert caught.value.reason is Reason.LOCAL

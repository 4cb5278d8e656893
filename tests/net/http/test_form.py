from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.net.http import FilePiece, FormBody, FormFile, HttpRequest
from tests.rows import each_row


def body_of(request: HttpRequest) -> bytes:
    return b"".join(piece for piece in request.pieces if isinstance(piece, bytes))


def test_a_form_is_written_as_browsers_write_it() -> None:
    form = FormBody(
        fields=(("from", "Käse & Söhne"), ("body", "one\ntwo")),
        files=(FormFile(name="file1", filename='Rech "1".pdf', content_type="application/pdf", data=(b"%PDF\0",)),),
    )

    encoded = form.request("https://x.example/", "bound")

    assert encoded.content_type == "multipart/form-data; boundary=bound"
    assert body_of(encoded) == (
        b'--bound\r\nContent-Disposition: form-data; name="from"\r\n\r\n' + "Käse & Söhne".encode() + b"\r\n"
        b'--bound\r\nContent-Disposition: form-data; name="body"\r\n\r\none\r\ntwo\r\n'
        b'--bound\r\nContent-Disposition: form-data; name="file1"; filename="Rech %221%22.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF\0\r\n"
        b"--bound--\r\n"
    )


@each_row("media_type", ["", "text", "text/plain\r\nX: y", "text/plain; charset=x", "a/b c"])
def test_a_media_type_that_is_none_adds_nothing_to_the_head(media_type: str) -> None:
    form = FormBody(fields=(), files=(FormFile(name="f", filename="f", content_type=media_type, data=()),))

    assert b"Content-Type: application/octet-stream\r\n\r\n" in body_of(form.request("", "bound"))


def test_a_name_cannot_end_its_quotes_or_its_line() -> None:
    form = FormBody(fields=(('a"; filename="x\r\nContent-Type: y', "v"),))

    assert body_of(form.request("", "bound")).startswith(
        b'--bound\r\nContent-Disposition: form-data; name="a%22; filename=%22x%0D%0AContent-Type: y"\r\n\r\nv\r\n'
    )


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"))


@given(st.lists(st.tuples(TEXT, TEXT)))
def test_an_urlencoded_form_is_read_back_as_it_was(fields: list[tuple[str, str]]) -> None:
    encoded = FormBody(fields=tuple(fields), is_urlencoded=True).request("", "unused")

    assert encoded.content_type == "application/x-www-form-urlencoded"
    assert parse_qsl(body_of(encoded).decode("ascii"), keep_blank_values=True) == fields


def test_an_urlencoded_form_carries_no_files() -> None:
    form = FormBody(
        fields=(), files=(FormFile(name="f", filename="f", content_type="a/b", data=()),), is_urlencoded=True
    )

    with pytest.raises(ValueError, match="carries no files"):
        form.request("", "bound")


@given(st.lists(st.binary(), max_size=4), st.text())
def test_every_file_is_a_part_of_its_own_with_its_very_bytes(contents: list[bytes], value: str) -> None:
    files = tuple(
        FormFile(name=f"file{number}", filename="x", content_type="application/octet-stream", data=(data,))
        for number, data in enumerate(contents)
    )
    boundary = "0123456789abcdef" * 2

    data = body_of(FormBody(fields=(("body", value),), files=files).request("", boundary))

    parts = data.split(f"--{boundary}".encode())
    assert parts[0] == b""
    assert parts[-1] == b"--\r\n"
    assert [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts[2:-1]] == contents


def test_a_lone_surrogate_does_not_stop_the_form() -> None:
    assert b"caf?" in body_of(FormBody(fields=(("body", "caf\udce9"),)).request("", "bound"))


def test_what_is_in_a_file_stays_there() -> None:
    large = FilePiece(path=Path("/spool/body"), size_bytes=5_000_000)
    form = FormBody(fields=(), files=(FormFile(name="f", filename="f", content_type="a/b", data=(b"x", large)),))

    before, piece, behind = form.request("", "bound").pieces

    assert (piece, behind) == (large, b"\r\n--bound--\r\n")
    assert isinstance(before, bytes)
    assert before.endswith(b"\r\n\r\nx")

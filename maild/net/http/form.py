"""A form as the body of a POST: multipart/form-data or application/x-www-form-urlencoded. Pure.

As browsers write it (WHATWG, "multipart form data"; RFC 7578): names are always quoted, because strict parsers refuse
bare ones; text is UTF-8 as it is, not percent-encoded; the three characters that could end a quoted name are
percent-encoded, so no name can add a header or a part.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

from maild.net.http.request import HttpRequest
from maild.net.piece import PlainPiece

_MEDIA_TYPE: Final = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", re.ASCII)
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFile:
    """A file part; `name` is the field's. A media type that is none is sent as application/octet-stream."""

    name: str
    filename: str
    content_type: str
    data: tuple[PlainPiece, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormBody:
    """Fields, then files, in their order.

    Attributes:
        is_urlencoded: the form without parts, which carries no files.
    """

    fields: tuple[tuple[str, str], ...]
    files: tuple[FormFile, ...] = ()
    is_urlencoded: bool = False

    def request(self, url: str, boundary: str) -> HttpRequest:
        """The POST of it.

        Args:
            url: where to.
            boundary: unguessable, so that nobody can have put it into the content; letters and digits.

        Raises:
            ValueError: files in an urlencoded form.
        """
        if self.is_urlencoded:
            if self.files:
                raise ValueError("an urlencoded form carries no files")
            return HttpRequest(
                url=url,
                content_type="application/x-www-form-urlencoded",
                pieces=(urlencode(self.fields).encode("ascii"),),
            )
        pieces: list[PlainPiece] = []
        for name, value in self.fields:
            pieces += (_head(boundary, f'name="{_quoted(name)}"'), _text(value), b"\r\n")
        for file in self.files:
            disposition = f'name="{_quoted(file.name)}"; filename="{_quoted(file.filename)}"'
            pieces += (_head(boundary, disposition, file.content_type), *file.data, b"\r\n")
        pieces.append(f"--{boundary}--\r\n".encode("ascii"))
        media_type = f"multipart/form-data; boundary={boundary}"
        return HttpRequest(url=url, content_type=media_type, pieces=tuple(_joined(pieces)))


def _joined(pieces: Iterable[PlainPiece]) -> Iterator[PlainPiece]:
    """The same, what is in memory in one piece up to the next file."""
    for is_bytes, group in groupby(pieces, key=lambda one: isinstance(one, bytes)):
        if is_bytes:
            yield b"".join(one for one in group if isinstance(one, bytes))
        else:
            yield from group


def _head(boundary: str, disposition: str, media_type: str | None = None) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n"
    if media_type is not None:
        known = media_type if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream"
        head += f"Content-Type: {known}\r\n"
    return _utf8(head) + b"\r\n"


def _quoted(name: str) -> str:
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def _text(value: str) -> bytes:
    return _utf8(_LINE_END.sub("\r\n", value))


def _utf8(text: str) -> bytes:
    # A lone surrogate, left by a decoder upstream, has no UTF-8.
    return text.encode("utf-8", "replace")

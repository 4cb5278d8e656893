"""A form as the body of a POST: multipart/form-data or application/x-www-form-urlencoded. Pure.

As browsers write it (WHATWG, "multipart form data"; RFC 7578): names are always quoted, because strict parsers refuse
bare ones; text is UTF-8 as it is, not percent-encoded; the three characters that could end a quoted name are
percent-encoded, so no name can add a header or a part.
"""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

_MEDIA_TYPE: Final = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", re.ASCII)
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFile:
    """A file part; `name` is the field's. A media type that is none is sent as application/octet-stream."""

    name: str
    filename: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedForm:
    """Ready for the wire."""

    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormBody:
    """Fields, then files, in their order.

    Attributes:
        is_urlencoded: the form without parts, which carries no files.
    """

    fields: tuple[tuple[str, str], ...]
    files: tuple[FormFile, ...] = ()
    is_urlencoded: bool = False

    def encode(self, boundary: str) -> EncodedForm:
        """The body.

        Args:
            boundary: unguessable, so that nobody can have put it into the content; letters and digits.

        Raises:
            ValueError: files in an urlencoded form.
        """
        if self.is_urlencoded:
            if self.files:
                raise ValueError("an urlencoded form carries no files")
            return EncodedForm(
                content_type="application/x-www-form-urlencoded", data=urlencode(self.fields).encode("ascii")
            )
        parts = [_part(boundary, f'name="{_quoted(name)}"', None, _text(value)) for name, value in self.fields]
        parts += [
            _part(
                boundary,
                f'name="{_quoted(file.name)}"; filename="{_quoted(file.filename)}"',
                file.content_type if _MEDIA_TYPE.fullmatch(file.content_type) else "application/octet-stream",
                file.data,
            )
            for file in self.files
        ]
        return EncodedForm(
            content_type=f"multipart/form-data; boundary={boundary}",
            data=b"".join([*parts, f"--{boundary}--\r\n".encode("ascii")]),
        )


def _part(boundary: str, disposition: str, content_type: str | None, data: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n"
    if content_type is not None:
        head += f"Content-Type: {content_type}\r\n"
    return _utf8(head) + b"\r\n" + data + b"\r\n"


def _quoted(name: str) -> str:
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def _text(value: str) -> bytes:
    return _utf8(_LINE_END.sub("\r\n", value))


def _utf8(text: str) -> bytes:
    # A lone surrogate, left by a decoder upstream, has no UTF-8.
    return text.encode("utf-8", "replace")

"""Makes a message of 8-bit text one of 7-bit text, for a server that takes no other (RFC 6152 §3). Pure.

Each part of its MIME structure whose body has octets beyond ASCII is encoded anew: text as quoted-printable, anything
else as base64 (RFC 2045 §6.7, §6.8). Who decodes the parts finds what was there before; but a signature that covers
the encoded form would break, so what is signed is refused, and so is what cannot be said in seven bits: UTF-8 in a
header (RFC 6532), and parts that lie about their encoding. What can go wrong is `SevenBitError`.

RFC 2046 §5.1.1 (how parts are separated), §5.2.1 (messages in messages), RFC 1428 (text that does not say what it is).
"""

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Sequence
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Final

from maild.errors import PermanentError

MAX_DEPTH: Final = 20
"""Parts within parts; people come to three or four."""

_ENCODING_FIELD: Final = re.compile(
    rb"^content-transfer-encoding[ \t]*:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", re.IGNORECASE | re.MULTILINE
)
_SIGNED: Final = frozenset({"multipart/signed", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_PLAIN_ENCODINGS: Final = frozenset({"", "7bit", "8bit", "binary"})
_BLANK_LINE: Final = b"\r\n\r\n"


class SevenBitError(PermanentError):
    """The message cannot be made one of 7-bit text; the words say why."""


class TooLargeError(SevenBitError):
    """A part that has to be encoded anew is not wholly there."""


def seven_bit(message: bytes, marks: Sequence[bytes] = ()) -> bytes:
    """The message in ASCII; one that is ASCII already comes back as it is.

    Args:
        message: header and body, with CRLF line ends.
        marks: what stands for octets that are left out of it; where they belong to a part that has to be encoded anew,
            that cannot be done.

    Raises:
        SevenBitError: it is signed, or has what seven bits cannot say; `TooLargeError` for a part with a mark.
    """
    if message.isascii():
        return message
    head = message.partition(_BLANK_LINE)[0]
    if re.search(rb"^(?:dkim-signature|arc-seal)[ \t]*:", head, re.IGNORECASE | re.MULTILINE) is not None:
        raise SevenBitError("it is signed (DKIM), and encoding it anew would break the signature")
    return _entity(message, 0, marks, is_message=True)


def _entity(entity: bytes, depth: int, marks: Sequence[bytes], *, is_message: bool) -> bytes:
    """A message or a part of one."""
    if entity.isascii():
        return entity
    if depth > MAX_DEPTH:
        raise SevenBitError(f"it has parts within parts more than {MAX_DEPTH} deep")
    head, blank, body = _split(entity)
    if not head.isascii():
        raise SevenBitError("a header has text beyond ASCII that is not encoded")
    fields = BytesHeaderParser().parsebytes(head)
    kind = fields.get_content_type()
    if kind in _SIGNED:
        raise SevenBitError("a part of it is signed, and encoding that anew would break the signature")
    encoding = str(fields.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding not in _PLAIN_ENCODINGS:
        raise SevenBitError(f"a part says that it is {encoding[:20]} and has octets that this does not allow")
    if kind.startswith("multipart/"):
        return _with_encoding(head, "7bit") + blank + _multipart(body, fields, depth, marks)
    if kind == "message/rfc822":
        return _with_encoding(head, "7bit") + blank + _entity(body, depth + 1, marks, is_message=True)
    if any(mark in body for mark in marks):
        raise TooLargeError("a part of it is too large to be encoded anew")
    return _leaf(head, blank, body, fields, is_message=is_message)


def _split(entity: bytes) -> tuple[bytes, bytes, bytes]:
    """Header with its last line end, blank line, body. A part may have no header at all."""
    if entity.startswith(b"\r\n"):
        return b"", b"\r\n", entity[2:]
    head, blank, body = entity.partition(_BLANK_LINE)
    return (head + b"\r\n", b"\r\n", body) if blank else (entity, b"", b"")


def _multipart(body: bytes, fields: Message, depth: int, marks: Sequence[bytes]) -> bytes:
    boundary = fields.get_boundary()
    if not boundary:
        raise SevenBitError("a part of several parts does not say how they are separated")
    delimiter = re.escape(b"--" + boundary.encode("ascii", "replace"))
    # The line end before a delimiter belongs to it, and what follows on its line is blank.
    pieces = re.split(rb"((?:\r\n|\A)" + delimiter + rb"(?:--)?[ \t]*(?:\r\n|\Z))", body)
    result = [_ascii(pieces[0])]
    is_closed = False
    for mark, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        is_closed = is_closed or mark.strip().endswith(b"--")
        result += [mark, _ascii(piece) if is_closed else _entity(piece, depth + 1, marks, is_message=False)]
    return b"".join(result)


def _ascii(text: bytes) -> bytes:
    """What stands before the first part and behind the last: nobody reads it."""
    return text if text.isascii() else bytes(octet if octet < 128 else ord("?") for octet in text)


def _leaf(head: bytes, blank: bytes, body: bytes, fields: Message, *, is_message: bool) -> bytes:
    if "Content-Type" not in fields:
        head += _nature_of(body)
    if is_message and "MIME-Version" not in fields:
        head += b"MIME-Version: 1.0\r\n"
    if fields.get_content_maintype() == "text":
        return _with_encoding(head, "quoted-printable") + (blank or b"\r\n") + b2a_qp(body, istext=True)
    return _with_encoding(head, "base64") + (blank or b"\r\n") + encodebytes(body).replace(b"\n", b"\r\n")


def _nature_of(body: bytes) -> bytes:
    """The field for text that says nothing about itself."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return b"Content-Type: text/plain; charset=unknown-8bit\r\n"
    return b"Content-Type: text/plain; charset=utf-8\r\n"


def _with_encoding(head: bytes, encoding: str) -> bytes:
    """The header with this encoding instead of the one it may have named."""
    return _ENCODING_FIELD.sub(b"", head) + b"Content-Transfer-Encoding: " + encoding.encode() + b"\r\n"

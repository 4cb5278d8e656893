"""Encoded words: text beyond ASCII in header fields (RFC 2047), both ways. Pure.

Reading is forgiving, since what arrives was written by others: what cannot be decoded stays as it stands. Nothing is
raised. Writing always makes UTF-8 in base 64, in words of at most 75 characters (RFC 2047 §2).
"""

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from typing import Final

_WORD: Final = re.compile(r"=\?([A-Za-z0-9_:.\-]+)(?:\*[A-Za-z0-9\-]*)?\?([bBqQ])\?([^? \t]*)\?=")
# Blank space between two encoded words is no part of the text (RFC 2047 §6.2).
_BETWEEN: Final = re.compile(r"(?<=\?=)[ \t]+(?==\?)")
_QUOTED_OCTET: Final = re.compile(rb"=([0-9A-Fa-f]{2})")

# Codecs of Python that are no character sets of mail: they interpret escapes or fail in ways of their own.
_NO_CHARSETS: Final = frozenset({"unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined"})

_OCTETS_A_WORD: Final = 45
"""60 characters of base 64, which with `=?utf-8?B?` and `?=` stay under 75."""


def decode_text(text: str) -> str:
    """The text with its encoded words decoded. Control characters in the result become spaces: whoever puts it on a
    line of his own must not get two.
    """
    decoded = _WORD.sub(_decode_word, _BETWEEN.sub("", text))
    return "".join(char if char >= " " and not "\x7f" <= char <= "\x9f" else " " for char in decoded)


def encode_text(text: str) -> str:
    """The text as it may stand in a header: itself when it is plain ASCII, else encoded words with spaces between."""
    if text.isascii() and "=?" not in text:
        return text
    return " ".join(f"=?utf-8?B?{base64.b64encode(piece).decode('ascii')}?=" for piece in _pieces(text))


def _decode_word(word: re.Match[str]) -> str:
    charset, encoding, payload = word[1], word[2], word[3].encode("utf-8", "surrogateescape")
    try:
        codec = codecs.lookup(charset)
        if codec.name.replace("_", "-") in _NO_CHARSETS:
            return word[0]
        octets = base64.b64decode(payload + b"==") if encoding in "bB" else _decode_q(payload)
        return octets.decode(charset, "replace")
    except (LookupError, ValueError, binascii.Error):
        return word[0]


def _decode_q(payload: bytes) -> bytes:
    spaced = payload.replace(b"_", b" ")
    return _QUOTED_OCTET.sub(lambda octet: bytes([int(octet[1], 16)]), spaced)


def _pieces(text: str) -> Iterator[bytes]:
    """The text in UTF-8, cut between characters (RFC 2047 §5: a word holds whole characters)."""
    piece = b""
    for char in text:
        octets = char.encode("utf-8", "replace")
        if len(piece) + len(octets) > _OCTETS_A_WORD:
            yield piece
            piece = b""
        piece += octets
    yield piece

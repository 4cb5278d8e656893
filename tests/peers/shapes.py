"""Messages of every shape that mail comes in, a few hundred, always the same ones. Pure.

Each says its number in its Message-ID, which is how it is found again in what a server stored, and has all the fields
that maild would add, so that what arrives must be what was dropped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from maild.mail.message import split_message

LONGEST_LINE: Final = 998
"""RFC 5321 §4.5.3.1.6, without the line end; servers may refuse more, and some do."""

_NOT_NEEDED: Final = frozenset(b"\r\n\0")
_OCTETS: Final = bytes(octet for octet in range(256) if octet not in _NOT_NEEDED)

_BOUNDARIES: Final = (1000, 4096, 8192, 16384, 65536)
"""Where buffers of one program or another end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One message as it is dropped."""

    number: int
    dropped: bytes

    @property
    def wire(self) -> bytes:
        """As it has to arrive: CRLF line ends, one at the end, and the blank line where there was only a header."""
        lines = self.dropped.replace(b"\r\n", b"\n").split(b"\n")
        if not lines[-1]:
            lines.pop()
        if b"" not in lines:
            lines.append(b"")
        return b"".join(line + b"\r\n" for line in lines)

    @property
    def longest_line(self) -> int:
        """In octets, without line ends."""
        return max(map(len, self.wire.split(b"\r\n")))


def number_of(message: bytes) -> int | None:
    """The number of the shape that a stored message is; None: none of them, but a report about one, say."""
    word = (split_message(message).header.text("Message-ID") or "").removeprefix("<").partition("@")[0]
    return int(word) if word.isdecimal() else None


def all_shapes(*, large_bytes: int) -> Iterator[Shape]:
    """Every kind of body below every kind of header, with every kind of line end; one of them of this size."""
    random = Random(6409)
    number = 0
    for line_end in (b"\n", b"\r\n", None):
        for header in _headers(random):
            for body in _bodies(random):
                yield _shape(number, header, body, line_end, random)
                number += 1
    for size in (64 * 1024, 1024 * 1024):
        for difference in (-1, 0, 1):
            yield _sized(number, size + difference)
            number += 1
    yield _sized(number, large_bytes)


def with_nul() -> bytes:
    """What is no message: RFC 5322 §4 has no zero byte, and servers do strange things with it."""
    return _shape(9999, b"", b"before\0after\n", b"\n", Random(0)).dropped


def _headers(random: Random) -> tuple[bytes, ...]:
    return (
        b"Subject: plain\n",
        "Subject: Grüße ohne Kodierung ☃\nX-Empty:\n".encode(),
        b"Subject: folded\n\tonce and\n twice\n" + b"".join(b"X-Many-%d: value\n" % one for one in range(150)),
        b"DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=mail;\n\th=from:to:subject; bh=AAAA=;\n\tb=BBBB\n"
        b"Subject:   spaces   kept   \nX-Long: " + _words(random, 900) + b"\n",
    )


def _bodies(random: Random) -> tuple[bytes | None, ...]:
    noise = [bytes(random.choices(_OCTETS, k=random.choice((0, 1, 2, 60, 900)))) for _ in range(60)]
    latin = bytes(range(0xA0, 0x100)) + b"\n"
    dots = b".\n..\n...\n.x\n\n.\n x.\n.\n"
    return (
        None,
        b"",
        b"\n",
        b"no line end",
        b"\n\n\nempty lines before and behind\n\n\n\n",
        dots,
        dots + b".",
        b"trailing blanks   \n\t\n tab\t\n" * 5,
        "Grüße, 世界, ☃\n".encode() * 40,
        latin * 20,
        b"\n".join(noise) + b"\n",
        b"\n.\nMAIL FROM:<eve@evil.example>\nRCPT TO:<ann@shop.example>\nDATA\nsmuggled\n.\nQUIT\nRSET\nBDAT 5 LAST\n",
        b"From the beginning\n>From here\nFrom there\n",
        b"".join(b"%s\n" % (b"x" * length) for length in (76, 77, 78, 510, 511, 512, 996, 997, 998)),
        b"".join(b"%s\n" % (b"y" * length) for length in (999, 1000, 1001, 2047, 2048, 2049, 5000)),
        _words(random, 70_000) + b"\n",
        b"".join(b"z" * (boundary - 7) + b"\n.\n..\n" for boundary in _BOUNDARIES),
        _nested(4),
        _multipart(
            b"signed", b"Content-Type: text/plain\n\nsigned text  \n", b"-----BEGIN PGP SIGNATURE-----\n\niQ==\n"
        ),
        b"".join(b".%s\n" % (b"q" * random.randrange(70)) for _ in range(900)),
    )


def _words(random: Random, size: int) -> bytes:
    """Without a line end and without blanks at either end."""
    return b" ".join(b"w" * random.randrange(1, 12) for _ in range(size // 7))[:size].strip() + b"w"


def _multipart(kind: bytes, *parts: bytes) -> bytes:
    between = b"\n--=_%s\n" % kind
    return b"preamble" + between + between.join(parts) + b"\n--=_%s--\nepilogue\n" % kind


def _nested(depth: int) -> bytes:
    inner = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + "tief ☃\n".encode()
    for level in range(depth):
        kind = b"level%d" % level
        head = b'Content-Type: multipart/mixed; boundary="=_%s"\n\n' % kind
        inner = head + _multipart(kind, inner, b"Content-Type: application/octet-stream\n\nAAAA\n")
    return inner


def _shape(number: int, header: bytes, body: bytes | None, line_end: bytes | None, random: Random) -> Shape:
    """`body` None: there is not even the blank line; `line_end` None: each line has another."""
    fixed = (
        b"From: Shop <billing@shop.example>\nTo: Ann <ann@customer.example>\n"
        b"Date: Tue, 24 Nov 2026 12:00:00 +0000\nMessage-ID: <%d@shop.example>\n" % number
    )
    text = fixed + header + (b"" if body is None else b"\n" + body)
    ends = iter(lambda: line_end or random.choice((b"\n", b"\r\n")), b"")
    first, *rest = text.split(b"\n")
    return Shape(number=number, dropped=first + b"".join(next(ends) + line for line in rest))


def _sized(number: int, size_bytes: int) -> Shape:
    """So large with CRLF line ends; the last line fills it up."""
    start = _shape(number, b"Subject: large\n", b"", b"\r\n", Random(0)).dropped
    line = b".%s\r\n" % (b"0123456789" * 90)
    count, left = divmod(size_bytes - len(start), len(line))
    if left < 2:
        count, left = count - 1, left + len(line)
    return Shape(number=number, dropped=start + line * count + b"e" * (left - 2) + b"\r\n")

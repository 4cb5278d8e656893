"""A message as the wire carries it: dot-stuffed after DATA (RFC 5321 §4.5.2), as it is after BDAT (RFC 3030 §2). Pure.

A message that does not end in a line end gets one either way: DATA cannot carry it without, and BDAT that did would
make what arrives depend on the server's abilities.
"""

from typing import Final

CRLF: Final = b"\r\n"

END_OF_DATA: Final = b".\r\n"
"""What follows the last line's own CRLF (RFC 5321 §4.1.1.4)."""


def dot_stuffed(message: bytes) -> bytes:
    """A whole message in wire form, dot-stuffed, with its end."""
    stuffed = message.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return b"".join((stuffed, _missing_line_end(message), END_OF_DATA))


def chunked(message: bytes) -> bytes:
    """A whole message in wire form as the last chunk, with its command before it."""
    end = _missing_line_end(message)
    return b"".join((last_chunk(len(message) + len(end)), message, end))


def last_chunk(size_bytes: int) -> bytes:
    """The command before the only chunk."""
    return b"BDAT %d LAST\r\n" % size_bytes


def _missing_line_end(message: bytes) -> bytes:
    return b"" if not message or message.endswith(CRLF) else CRLF


class Framer:
    """The same for a message that comes in blocks: `feed` them, then write what `finish` gives."""

    __slots__ = ("_held", "_is_chunked", "_is_line_start", "size_bytes")

    def __init__(self, *, is_chunked: bool) -> None:
        self._is_chunked: Final = is_chunked
        self._is_line_start = True
        self._held = b""
        self.size_bytes = 0
        """Of the message so far, without the stuffing; after `finish` with the line end that was missing."""

    def feed(self, block: bytes) -> bytes:
        """The next block, framed. A CR at its end is held back, so that a line's start is always seen whole."""
        if not block:
            return b""
        self.size_bytes += len(block)
        block = self._held + block
        self._held = b""
        if block.endswith(b"\r"):
            block, self._held = block[:-1], b"\r"
        if not block:
            return b""
        starts_line, self._is_line_start = self._is_line_start, block.endswith(CRLF)
        if self._is_chunked:
            return block
        stuffed = block.replace(b"\r\n.", b"\r\n..")
        return b"." + stuffed if starts_line and stuffed.startswith(b".") else stuffed

    def finish(self) -> bytes:
        """What is left to be written."""
        missing = b"" if self._is_line_start and not self._held else CRLF
        self.size_bytes += len(missing)
        end = self._held + missing
        return end if self._is_chunked else end + END_OF_DATA

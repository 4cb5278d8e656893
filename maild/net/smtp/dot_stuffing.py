"""A message as DATA carries it: dot-stuffed, in blocks (RFC 5321 §4.5.2). Pure."""

from collections.abc import Iterator
from typing import Final

BLOCK_BYTES: Final = 64 * 1024
"""A block is copied while it is stuffed, and one block more than needed may wait in memory."""

END_OF_DATA: Final = b".\r\n"
"""What follows the last line's own CRLF (RFC 5321 §4.1.1.4)."""


def is_wire_form(message: bytes) -> bool:
    """Whether every CR and LF belongs to a CRLF (RFC 5321 §2.3.8).

    Anything else may end the message early at a server that is lax about line ends, and what follows is then taken as
    commands: SMTP smuggling.
    """
    pairs = message.count(b"\r\n")
    return message.count(b"\r") == pairs == message.count(b"\n")


def dot_stuffed(message: bytes, *, block_bytes: int = BLOCK_BYTES) -> Iterator[bytes]:
    """Blocks that together are the message dot-stuffed, ended by CRLF and the final dot; the last block has the dot.

    Args:
        message: in wire form.
        block_bytes: how much of the message a block holds at most, at least 2.
    """
    start, is_line_start = 0, True
    block = b""
    while start < len(message):
        if block:
            yield block
        end = min(start + block_bytes, len(message))
        if message[end - 1 : end] == b"\r" and end < len(message):
            end -= 1  # never between CR and LF, so that a line's start is always seen whole
        block = message[start:end].replace(b"\r\n.", b"\r\n..")
        if is_line_start and block.startswith(b"."):
            block = b"." + block
        is_line_start = block.endswith(b"\r\n")
        start = end
    yield block + (END_OF_DATA if is_line_start else b"\r\n" + END_OF_DATA)

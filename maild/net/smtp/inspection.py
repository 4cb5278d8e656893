"""What the octets of a message are like, learnt block by block. Pure.

RFC 1870 §3 (size), RFC 6152 (8-bit), RFC 6531 (UTF-8 in the header), RFC 5321 §2.3.8 (CR and LF only together).
"""

from dataclasses import dataclass
from typing import Final, Self

_NO_LINE_END: Final = bytes(octet for octet in range(256) if octet not in b"\r\n")


@dataclass(slots=True, kw_only=True)
class Inspection:
    """Feed it the whole message, then take `finished()`.

    Attributes:
        size_bytes: with the last line's CRLF, also where that is missing and will be added; an empty message has none.
        is_8bit: there are octets beyond ASCII.
        has_utf8_header: the header has UTF-8 beyond ASCII.
        is_wire_form: every CR and LF belongs to a CRLF. Anything else may end the message early at a server that is
            lax about line ends, and what follows is then taken as commands: SMTP smuggling.
    """

    size_bytes: int = 0
    is_8bit: bool = False
    has_utf8_header: bool = False
    is_wire_form: bool = True
    _last: bytes = b""

    @classmethod
    def of(cls, message: bytes) -> Self:
        """Of a message that is in memory."""
        inspection = cls()
        inspection.feed(message)
        return inspection.finished()

    def feed(self, block: bytes) -> None:
        """The next block; the first one holds the whole header."""
        if not block:
            return
        if not block.isascii():
            self.has_utf8_header = self.has_utf8_header or (not self.size_bytes and _has_utf8_header(block))
            self.is_8bit = True
        self.size_bytes += len(block)
        # Counting line ends is the dearest part of it: of both kinds at once it is half as dear.
        unpaired = len(block.translate(None, _NO_LINE_END)) - 2 * block.count(b"\r\n")
        if self._last == b"\r":
            # The CR at the end of the block before is half of a pair, or alone.
            self.is_wire_form = self.is_wire_form and block.startswith(b"\n")
            unpaired -= 1
        self._last = block[-1:]
        if self._last == b"\r":
            unpaired -= 1
        if unpaired:
            self.is_wire_form = False

    def finished(self) -> Self:
        """After the last block; it takes no more."""
        if self._last not in b"\n":
            self.size_bytes += 2
            self.is_wire_form = self.is_wire_form and self._last != b"\r"
        return self


def _has_utf8_header(block: bytes) -> bool:
    head = block.partition(b"\r\n\r\n")[0]
    if head.isascii():
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

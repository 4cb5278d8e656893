"""A message to be sent: what is known of its octets, and its blocks. Shell code where it reads a file, pure elsewhere.

Small messages are one block in memory. The body of a large one stays in its file and is read in blocks, once to learn
what it needs of a server and once to send it, so that fifty megabytes cost a few hundred kilobytes.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Self

from maild.mail.phase import Phase
from maild.mail.seven_bit import SevenBitError, seven_bit
from maild.net.smtp.inspection import Inspection
from maild.net.step import NetError, Reason

BLOCK_BYTES: Final = 256 * 1024
"""Two or three of these are in memory for each session that sends a large message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """In wire form: CRLF line ends, not dot-stuffed.

    Attributes:
        start: the header, the blank line and, when there is no file, the body.
        file: the rest.
    """

    start: bytes = field(repr=False)
    file: Path | None = None

    @classmethod
    def of(cls, message: bytes) -> Self:
        """A message that is in memory."""
        return cls(start=message)

    async def in_seven_bits(self) -> Self:
        """The same message for a server that takes no octets beyond ASCII.

        Raises:
            NetError: Reason.UNSUPPORTED: it cannot be encoded anew; why.
        """
        if self.file is not None:
            raise _not_encoded("it is too large to be encoded anew")
        try:
            return replace(self, start=await asyncio.to_thread(seven_bit, self.start))
        except SevenBitError as error:
            raise _not_encoded(str(error)) from None

    async def inspect(self) -> Inspection:
        """What has to be known of it before it is sent.

        Raises:
            NetError: Reason.LOCAL: the file cannot be read now.
        """
        inspection = Inspection()
        inspection.feed(self.start)
        if self.file is not None:
            # In one go: a turn of the event loop for each of a hundred blocks takes as long as looking at them.
            await asyncio.to_thread(_inspect, self.file, inspection)
        return inspection.finished()

    async def blocks(self) -> AsyncIterator[bytes]:
        """All of it, in blocks.

        Raises:
            NetError: Reason.LOCAL: the file cannot be read now.
        """
        for position in range(0, len(self.start), BLOCK_BYTES):
            yield self.start[position : position + BLOCK_BYTES]
        async for block in self._file_blocks():
            yield block

    async def _file_blocks(self) -> AsyncIterator[bytes]:
        if self.file is None:
            return
        try:
            with await asyncio.to_thread(self.file.open, "rb") as file:
                while block := await asyncio.to_thread(file.read, BLOCK_BYTES):
                    yield block
        except OSError as error:
            raise _unreadable(error) from error


def _inspect(path: Path, inspection: Inspection) -> None:
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                inspection.feed(block)
    except OSError as error:
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> NetError:
    return NetError(Phase.BODY, Reason.LOCAL, f"the message's body cannot be read from the spool: {error.strerror}")


def _not_encoded(why: str) -> NetError:
    words = f"the message has 8-bit text, the server does not offer 8BITMIME, and {why}"
    return NetError(Phase.MAIL, Reason.UNSUPPORTED, words)

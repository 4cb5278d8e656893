"""A wire that somebody listens to (`net.transcript`); the others pay nothing for it."""

import asyncio
from typing import Final

from maild.net.smtp.wire import Wire
from maild.net.transcript import SmtpLines, Tap


class TappedWire(Wire):
    """Tells every line."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, tap: Tap) -> None:
        super().__init__(transport, loop)
        self._lines: Final = SmtpLines(tap)

    def write(self, data: bytes, *, replies: int = 0) -> None:
        """Tell and hand over."""
        self._lines.sent(data)
        super().write(data, replies=replies)

    def data_received(self, data: bytes) -> None:
        """Tell and take."""
        self._lines.heard(data)
        super().data_received(data)

"""A session whose server is in the same process and needs no network: what is left is the session's own code."""

import asyncio
from ipaddress import ip_address
from typing import Final, cast

from maild.mail.reply import Reply
from maild.net.resolver import Address
from maild.net.smtp import Capabilities, SessionFacts, SmtpSession, Timeouts
from maild.net.smtp.wire import Wire

_OK: Final = b"250 2.0.0 Ok\r\n"


class MirrorTransport:
    """Answers MAIL, one RCPT and what carries the message with yes, in the next turn of the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop: Final = loop
        self._wire = Wire(cast("asyncio.Transport", self), loop)
        self._wants_message = False

    def write(self, data: bytes) -> None:
        """The session's bytes."""
        if self._wants_message:
            self._wants_message, replies = False, _OK
        elif b"\r\nBDAT " in data:
            replies = _OK * 3
        else:
            self._wants_message, replies = True, _OK * 2 + b"354 Go on\r\n"
        self._loop.call_soon(self._wire.data_received, replies)

    def is_closing(self) -> bool:
        """Never."""
        return False

    def abort(self) -> None:
        """Nothing is open."""

    def session(self, *extensions: str) -> SmtpSession:
        """The session, to a server that offers these."""
        facts = SessionFacts(
            address=Address(ip=ip_address("127.0.0.1"), port=25),
            banner=Reply.of(220, "mirror"),
            capabilities=Capabilities.parse("\n".join(("mirror", *extensions))),
        )
        return SmtpSession(self._wire, facts, Timeouts())

"""Mail servers that keep what they get: one behind implicit TLS, one that demands STARTTLS, both with login.

aiosmtpd does the talking; nothing is sent on. Not for anything but loopback.
"""

import asyncio
import hmac
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

_ROUNDS_TO_CLOSE: Final = 2
"""One for the TLS layer, one for the socket below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message as a sink got it: who logged in, the envelope, the content."""

    login: str
    sender: str
    recipients: tuple[str, ...]
    content: bytes


class SmtpSink:
    """One server; `port` is known after `start`.

    Args:
        users: password by user name.
        context: the server's certificate.
        is_implicit: TLS from the first byte; otherwise STARTTLS is demanded before anything else.
    """

    def __init__(self, *, users: Mapping[str, str], context: ssl.SSLContext, is_implicit: bool) -> None:
        self._users = users
        self._context = context
        self._is_implicit = is_implicit
        self._server: asyncio.Server | None = None
        self._conversations: list[SMTP] = []
        self.deliveries: list[Delivery] = []
        self.logins = 0

    @property
    def port(self) -> int:
        """The port that the system chose."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        assert isinstance(port, int)
        return port

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        loop = asyncio.get_running_loop()
        tls = self._context if self._is_implicit else None
        self._server = await loop.create_server(self._conversation, "127.0.0.1", 0, ssl=tls)

    async def stop(self) -> None:
        """Listen no more, and leave no conversation open."""
        if self._server is None:
            return
        self._server.close()
        for conversation in self._conversations:
            if isinstance(conversation.transport, asyncio.Transport):
                conversation.transport.abort()
        # What abort() set going is done in the loop's next rounds; whoever stops us may end the loop right after.
        for _ in range(_ROUNDS_TO_CLOSE):
            await asyncio.sleep(0)

    def _conversation(self) -> SMTP:
        # aiosmtpd cannot see implicit TLS, hence must be told that login needs none of its own; that a login comes
        # first is seen to in handle_MAIL.
        conversation = SMTP(
            self,
            hostname="sink.localhost",
            ident="maild demo sink",
            enable_SMTPUTF8=True,
            authenticator=self._authenticate,
            auth_require_tls=not self._is_implicit,
            tls_context=None if self._is_implicit else self._context,
            require_starttls=not self._is_implicit,
            loop=asyncio.get_running_loop(),
        )
        self._conversations.append(conversation)
        return conversation

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        user = data.login.decode("utf-8", "replace")
        expected = self._users.get(user, "").encode()
        is_right = bool(expected) and hmac.compare_digest(expected, data.password)
        if is_right:
            self.logins += 1
        # handled=False lets aiosmtpd answer 535 itself.
        return AuthResult(success=is_right, handled=False, auth_data=user)

    async def handle_MAIL(  # noqa: N802 -- the name is aiosmtpd's
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take nothing from strangers (RFC 4954 §6: 530 5.7.0)."""
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_DATA(  # noqa: N802 -- the name is aiosmtpd's
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.deliveries.append(
            Delivery(
                login=str(session.auth_data),
                sender=envelope.mail_from or "",
                recipients=tuple(envelope.rcpt_tos),
                content=content,
            )
        )
        return f"250 2.0.0 kept as number {len(self.deliveries)}"

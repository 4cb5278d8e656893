"""A session against aiosmtpd: somebody else's reading of the RFCs than our scripted server's."""

import asyncio
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from aiosmtpd.smtp import Envelope as Received

from maild.config.model import AuthMechanism, TlsMode
from maild.mail.envelope import Envelope
from maild.net.smtp import Accepted, Content, SmtpServer, open_session
from maild.secret import Secret
from tests.fakes.certificates import certificates
from tests.fakes.resolver import FakeResolver
from tests.net.smtp.visit import ANNA, BERT, PASSWORD, SENDER
from tests.rows import each_row


class Keeping:
    """Keeps what it was given."""

    def __init__(self) -> None:
        self.received: list[tuple[str | None, list[str], bytes]] = []

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: Received) -> str:  # noqa: N802
        content = envelope.original_content or b""
        self.received.append((envelope.mail_from, list(envelope.rcpt_tos), content))
        return "250 2.0.0 kept"


def is_right(_server: object, _session: object, _envelope: object, _mechanism: str, data: Any) -> AuthResult:  # noqa: ANN401
    assert isinstance(data, LoginPassword)
    return AuthResult(success=(data.login, data.password) == (b"user", PASSWORD.encode()))


MESSAGES = [
    b"Subject: one\r\n\r\nhello\r\n",
    b"Subject: dots\r\n\r\n.\r\n..\r\n.dot\r\n",
    "Subject: Grüße\r\n\r\nvon weit her\r\n".encode(),
    b"Subject: many\r\n\r\n" + b".line of some length\r\n" * 10_000,
]


@each_row("mode", [TlsMode.IMPLICIT, TlsMode.STARTTLS])
@each_row("auth", [AuthMechanism.PLAIN, AuthMechanism.LOGIN])
def test_messages_reach_aiosmtpd_byte_for_byte(mode: TlsMode, auth: AuthMechanism) -> None:
    async def scenario() -> list[tuple[str | None, list[str], bytes]]:
        keeping, context = Keeping(), certificates().good.context()
        is_implicit = mode is TlsMode.IMPLICIT

        def conversation() -> SMTP:
            return SMTP(
                keeping,
                hostname="mail.test",
                authenticator=is_right,
                auth_required=not is_implicit,  # it warns where it sees no TLS of its own
                auth_require_tls=not is_implicit,
                tls_context=None if is_implicit else context,
                require_starttls=not is_implicit,
                enable_SMTPUTF8=True,
            )

        loop = asyncio.get_running_loop()
        listener = await loop.create_server(conversation, "127.0.0.1", 0, ssl=context if is_implicit else None)
        async with listener:
            server = SmtpServer(
                host="localhost",
                port=listener.sockets[0].getsockname()[1],
                mode=mode,
                ca_file=certificates().ca_file,
                username="user",
                password=Secret(PASSWORD),
                auth=auth,
            )
            session = await open_session(server, FakeResolver())
            envelope = Envelope(sender=SENDER, recipients=(ANNA, BERT))
            for message in MESSAGES:
                answers = await session.send(envelope, Content.of(message), before_dot=nothing)
                assert all(isinstance(answer, Accepted) for answer in answers.values())
            await session.quit()
        return keeping.received

    received = asyncio.run(scenario())

    assert received == [
        ("sender@example.test", ["anna@example.test", "bert@example.test"], message) for message in MESSAGES
    ]


async def nothing(_: object) -> None:
    """Nobody writes anything down here."""

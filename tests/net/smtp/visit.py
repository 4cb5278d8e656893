"""What the tests of sessions share: a client of a scripted server, that remembers the phases it was told."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from maild.config.model import AuthMechanism, TlsMode, TlsVersion
from maild.config.pin import Pin
from maild.config.proxy import Proxy
from maild.mail.address import Mailbox
from maild.mail.envelope import Envelope
from maild.mail.phase import Phase
from maild.net.smtp import Answer, Content, SmtpServer, SmtpSession, Timeouts, open_session
from maild.net.step import Step
from maild.secret import Secret
from tests.fakes.certificates import certificates
from tests.fakes.resolver import FakeResolver
from tests.fakes.smtp_server import ScriptedSmtpServer

PASSWORD: Final = "pässword=,\N{SNOWMAN}"
USERS: Final = {"user": PASSWORD}

HOSTS: Final = {"mail.test": ("127.0.0.1",), "far.test": ("127.0.0.1",)}

IMPATIENT: Final = Timeouts(
    greeting_s=0.25, command_s=0.25, envelope_s=0.25, data_s=0.25, block_s=0.25, end_s=0.25, quit_s=0.25
)
"""For peers that are silent on purpose; everywhere else the real time-outs are good."""

SENDER: Final = Mailbox.parse("sender@example.test")
ANNA: Final = Mailbox.parse("anna@example.test")
BERT: Final = Mailbox.parse("bert@example.test")
CLEO: Final = Mailbox.parse("cleo@example.test")
MESSAGE: Final = b"Subject: hello\r\n\r\n.dot first\r\nthe end\r\n"


@dataclass(kw_only=True)
class Visit:
    """A visit to one scripted server."""

    peer: ScriptedSmtpServer
    auth: AuthMechanism | None = None
    host: str = "mail.test"
    mode: TlsMode | None = None
    username: str | None = "user"
    password: str = PASSWORD
    verify: bool = True
    ca_file: Path = field(default_factory=lambda: certificates().ca_file)
    min_version: TlsVersion = TlsVersion.TLS_1_2
    pins: tuple[Pin, ...] = ()
    cert_file: Path | None = None
    key_file: Path | None = None
    local_hostname: str | None = None
    timeout_s: float | None = None
    proxy: Proxy | None = None
    hosts: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(HOSTS))
    timeouts: Timeouts = field(default_factory=Timeouts)
    steps: list[Step] = field(default_factory=list)
    dots: list[tuple[Mailbox, ...]] = field(default_factory=list)

    async def open(self, *, login: bool = True) -> SmtpSession:
        server = SmtpServer(
            host=self.host,
            port=self.peer.port,
            mode=self.mode or TlsMode(self.peer.tls),
            verify=self.verify,
            ca_file=self.ca_file,
            min_version=self.min_version,
            pins=self.pins,
            cert_file=self.cert_file,
            key_file=self.key_file,
            timeout_s=self.timeout_s,
            username=self.username,
            password=Secret(self.password),
            auth=self.auth,
            local_hostname=self.local_hostname,
            proxy=self.proxy,
        )
        resolver = FakeResolver(hosts=self.hosts)
        return await open_session(server, resolver, listener=self.steps.append, login=login, timeouts=self.timeouts)

    async def before_dot(self, recipients: tuple[Mailbox, ...]) -> None:
        assert not self.peer.transactions
        self.dots.append(recipients)

    async def send(self, session: SmtpSession, *recipients: Mailbox, message: bytes = MESSAGE) -> list[Answer]:
        """The answers in the order of the recipients."""
        envelope = Envelope(sender=SENDER, recipients=recipients or (ANNA,))
        answers = await session.send(envelope, Content.of(message), before_dot=self.before_dot)
        return [answers[recipient] for recipient in envelope.recipients]

    @property
    def phases(self) -> list[Phase]:
        return [step.phase for step in self.steps]

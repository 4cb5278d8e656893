"""Which server a session is opened with, how, and how long each part may take. Values only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from maild.config.model import AuthMechanism, SmtpSettings, TlsMode
from maild.mail.phase import Phase
from maild.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """A server and our way with it.

    Attributes:
        host: name or IP address; what the certificate must be for.
        mode: how the connection is encrypted. There is no "if possible": what is asked for happens or nothing does.
        verify: whether the server's certificate must be valid.
        ca_file: certificates trusted instead of the system's.
        username: the login name; None: no login.
        password: the password, or the access token with the bearer mechanisms.
        auth: the mechanism; None: the best that both sides have.
        local_hostname: how we introduce ourselves; None: this machine's full name if it has one, else the address
            literal of the connection's own end.
    """

    host: str
    port: int
    mode: TlsMode
    verify: bool = True
    ca_file: Path | None = None
    username: str | None = None
    password: Secret | None = None
    auth: AuthMechanism | None = None
    local_hostname: str | None = None

    @classmethod
    def of(cls, settings: SmtpSettings, *, username: str | None, password: Secret | None, folder: Path) -> Self:
        """The server of an account; a relative CA file counts from `folder`, where the account's file is."""
        tls = settings.tls
        return cls(
            host=settings.host,
            port=settings.port,
            mode=tls.mode,
            verify=tls.verify,
            ca_file=None if tls.ca_file is None else folder / tls.ca_file,
            username=username,
            password=password,
            auth=settings.auth,
        )

    @property
    def tls_name(self) -> str:
        """The host as a certificate names it: without a final dot, an IPv6 address without brackets."""
        return self.host.removeprefix("[").removesuffix("]").rstrip(".")

    @property
    def wants_login(self) -> bool:
        """Whether there is anybody to log in as."""
        return self.username is not None and self.auth is not AuthMechanism.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds. The defaults of a transaction are RFC 5321 §4.5.3.2's; those of opening are shorter than its five
    minutes, because a submission service that needs longer than a minute for its greeting is not working.
    """

    connect_s: float = 15.0
    """For each address."""
    greeting_s: float = 60.0
    """For the TLS handshake and for the banner, each. Spam traps make clients wait 20 s for the banner."""
    command_s: float = 60.0
    """EHLO, STARTTLS, each step of a login, RSET."""
    envelope_s: float = 300.0
    """MAIL and each RCPT."""
    data_s: float = 120.0
    """DATA."""
    block_s: float = 180.0
    """For the server to take a block of the message."""
    end_s: float = 600.0
    """From the final dot to its answer: too short a wait here is what makes duplicates."""
    quit_s: float = 5.0
    """Politeness; nothing depends on it."""

    def of(self, phase: Phase) -> float:
        """For the reply to a command of that phase."""
        match phase:
            case Phase.MAIL | Phase.RCPT:
                return self.envelope_s
            case Phase.DATA:
                return self.data_s
            case Phase.BODY:
                return self.end_s
            case _:
                return self.command_s

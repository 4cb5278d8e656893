"""Which server a session is opened with, how, and how long each part may take. Values only."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from maild.config.model import AuthMechanism, SmtpSettings, TlsMode, TlsVersion
from maild.config.pin import Pin
from maild.config.proxy import Proxy
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
        min_version: the oldest version of TLS that will do.
        pins: if there are any, the server must have the certificate or the key of one of them.
        cert_file, key_file: what we show to a server that wants to know who we are; both or none.
        username: the login name; None: no login.
        password: the password, or the access token with the bearer mechanisms.
        auth: the mechanism; None: the best that both sides have.
        has_token: the password is an access token, for which there are mechanisms of their own.
        local_hostname: how we introduce ourselves; None: this machine's full name if it has one, else the address
            literal of the connection's own end.
        timeout_s: what the account gives the server for each step; None: what is usual.
        proxy: who leads the way to it.
    """

    host: str
    port: int
    mode: TlsMode
    verify: bool = True
    ca_file: Path | None = None
    min_version: TlsVersion = TlsVersion.TLS_1_2
    pins: tuple[Pin, ...] = ()
    cert_file: Path | None = None
    key_file: Path | None = None
    username: str | None = None
    password: Secret | None = None
    auth: AuthMechanism | None = None
    has_token: bool = False
    local_hostname: str | None = None
    timeout_s: float | None = None
    proxy: Proxy | None = None

    @classmethod
    def of(
        cls,
        settings: SmtpSettings,
        *,
        username: str | None,
        password: Secret | None,
        folder: Path,
        has_token: bool = False,
    ) -> Self:
        """The server of an account; relative paths count from `folder`, where the account's file is."""
        tls = settings.tls
        return cls(
            host=settings.host,
            port=settings.port,
            mode=tls.mode,
            verify=tls.verify,
            ca_file=None if tls.ca_file is None else folder / tls.ca_file,
            min_version=tls.min_version,
            pins=tls.pins,
            cert_file=None if tls.cert_file is None else folder / tls.cert_file,
            key_file=None if tls.key_file is None else folder / tls.key_file,
            username=username,
            password=password,
            auth=settings.auth,
            has_token=has_token,
            timeout_s=None if settings.timeout is None else settings.timeout.total_seconds(),
            proxy=None if settings.proxy is None else settings.proxy.at(folder),
        )

    @property
    def tls_name(self) -> str:
        """The host as a certificate names it: without a final dot, an IPv6 address without brackets."""
        return self.host.removeprefix("[").removesuffix("]").rstrip(".")

    @property
    def wants_login(self) -> bool:
        """Whether there is anybody to log in as."""
        if self.auth is AuthMechanism.EXTERNAL:
            return True
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

    def within(self, limit_s: float | None) -> Self:
        """With what the account says for each step, up to the last recipient.

        DATA, the message and its final dot keep at least their own: whoever hangs up there does not know whether the
        message was taken, and sends it again.
        """
        if limit_s is None:
            return self
        return replace(
            self,
            connect_s=limit_s,
            greeting_s=limit_s,
            command_s=limit_s,
            envelope_s=limit_s,
            data_s=max(self.data_s, limit_s),
            block_s=max(self.block_s, limit_s),
            end_s=max(self.end_s, limit_s),
        )

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

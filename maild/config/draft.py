"""An account as far as its file is valid: what rules judge even where another key is wrong."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePath
from typing import Final, Literal

from maild.config.delivery_settings import AccountDelivery
from maild.config.dns_settings import AccountDns
from maild.config.envelope_place import EnvelopePlace
from maild.config.model import AuthMechanism, HttpKind, Limits, ReplyToPolicy, TlsMode, TlsVersion
from maild.config.oauth_settings import OauthSettings
from maild.config.pin import Pin
from maild.config.proxy import Proxy
from maild.mail.address import Mailbox
from maild.secret import SecretReference

DEFAULT_PORT: Final = 465
"""Submission with TLS from the first byte: what RFC 8314 §3.3 recommends."""

IMPLICIT_TLS_PORTS: Final = frozenset({443, 465, 994, 2465, 8465})
"""465 by RFC 8314 §7.3, and its stand-ins for networks that block it: 2465 at Amazon SES and Resend, 8465 and 443 at
SMTP2GO, 994 at NetEase.
"""


def default_mode(port: int) -> TlsMode:
    """How a connection is encrypted when the file does not say."""
    return TlsMode.IMPLICIT if port in IMPLICIT_TLS_PORTS else TlsMode.STARTTLS


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDraft:
    """The values of one account file; None where the file says nothing, or nothing valid.

    Attributes:
        port: as written; `effective_port` has the default.
        tls_mode: as written; `effective_tls_mode` has what follows from the port.
        host: as in the built account; where the file's host carries a scheme or a port besides, without them.
        url: as written, so maybe without a scheme.
        http_verify, http_ca_file: those of the section `http`.
        min_version, pins, cert_file, key_file, timeout, proxy: those of the protocol's section.
        has_password_key: whether the key `password` is there, valid or not.
    """

    protocol: Literal["smtp", "http"] | None = None
    host: str | None = None
    port: int | None = None
    tls_mode: TlsMode | None = None
    verify: bool | None = None
    ca_file: PurePath | None = None
    min_version: TlsVersion | None = None
    pins: tuple[Pin, ...] = ()
    cert_file: PurePath | None = None
    key_file: PurePath | None = None
    auth: AuthMechanism | None = None
    kind: HttpKind | None = None
    url: str | None = None
    region: str | None = None
    domain: str | None = None
    key_header: str | None = None
    envelope: EnvelopePlace | None = None
    http_verify: bool | None = None
    http_ca_file: PurePath | None = None
    timeout: timedelta | None = None
    proxy: Proxy | None = None
    username: str | None = None
    email: Mailbox | None = None
    password: SecretReference | None = None
    has_password_key: bool = False
    oauth: OauthSettings | None = None
    reply_to: tuple[Mailbox, ...] = ()
    reply_to_policy: ReplyToPolicy | None = None
    name: str | None = None
    copy_to: Mailbox | None = None
    limits: Limits = field(default_factory=Limits)
    delivery: AccountDelivery = field(default_factory=AccountDelivery)
    dns: AccountDns = field(default_factory=AccountDns)
    enabled: bool | None = None

    @property
    def effective_port(self) -> int:
        """The port that is used."""
        return DEFAULT_PORT if self.port is None else self.port

    @property
    def effective_tls_mode(self) -> TlsMode:
        """How the connection is encrypted."""
        return default_mode(self.effective_port) if self.tls_mode is None else self.tls_mode

"""The configuration as values: what a valid account file and a valid maild.yaml mean. Defaults live here, once.

Pure and frozen; a value that exists is valid. Positions live beside the values (`config.document`), not in them, so two
configurations that mean the same compare equal whatever their comments and order.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import PurePath
from typing import TypeAlias

from maild.config.delivery_settings import AS_THE_SITE, AccountDelivery, DeliverySettings
from maild.config.dns_settings import AccountDns
from maild.config.envelope_place import EnvelopePlace
from maild.config.intake_settings import IntakeSettings
from maild.config.lint import LintSettings
from maild.config.oauth_settings import OauthSettings
from maild.config.pin import Pin
from maild.config.probe_settings import ProbeSettings
from maild.config.proxy import Proxy
from maild.config.reload_settings import ReloadSettings
from maild.config.report_settings import ReportSettings
from maild.config.route import Route
from maild.config.shared_queue import SharedQueue
from maild.config.web_settings import WebSettings
from maild.mail.address import Mailbox
from maild.secret import SecretReference


class TlsMode(StrEnum):
    """How a connection becomes encrypted (RFC 8314 §3)."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


class TlsVersion(StrEnum):
    """The oldest version of TLS that will do. There are none below: RFC 8996 retires them."""

    TLS_1_2 = "1.2"
    TLS_1_3 = "1.3"


class AuthMechanism(StrEnum):
    """A SASL mechanism by its configuration spelling; NONE means: do not log in."""

    PLAIN = "plain"
    LOGIN = "login"
    CRAM_MD5 = "cram-md5"
    SCRAM_SHA_1 = "scram-sha-1"
    SCRAM_SHA_1_PLUS = "scram-sha-1-plus"
    SCRAM_SHA_256 = "scram-sha-256"
    SCRAM_SHA_256_PLUS = "scram-sha-256-plus"
    EXTERNAL = "external"
    XOAUTH2 = "xoauth2"
    OAUTHBEARER = "oauthbearer"
    NONE = "none"


class HttpKind(StrEnum):
    """What an HTTP mail service takes on the wire."""

    FORM = "form"
    """Multipart form of a plain mail service: from, reply_to, to, subject, body, attachments."""
    RAW = "raw"  # the message as it is, its envelope beside it
    GRAPH = "graph"
    GMAIL = "gmail"
    MAILGUN = "mailgun"
    RESEND = "resend"
    SES = "ses"
    JMAP = "jmap"


class ReplyToPolicy(StrEnum):
    """What happens to a Reply-To that a message brings along when the account has one too."""

    KEEP = "keep"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """TLS towards the server.

    Attributes:
        mode: implicit, starttls (required, never opportunistic) or none.
        verify: whether the server's certificate must be valid for the host.
        ca_file: certificates trusted instead of the system's, PEM; relative paths count from the account file's folder.
        min_version: the oldest version of TLS that will do.
        pins: if there are any, the server must have the certificate or the key of one of them, besides all else.
        cert_file, key_file: the certificate and key that maild itself shows, PEM; both or none.
    """

    mode: TlsMode
    verify: bool = True
    ca_file: PurePath | None = None
    min_version: TlsVersion = TlsVersion.TLS_1_2
    pins: tuple[Pin, ...] = ()
    cert_file: PurePath | None = None
    key_file: PurePath | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """Submission to an SMTP server (RFC 6409). `auth` None means: the strongest that both sides have; `timeout` None:
    what each step usually may take.
    """

    host: str
    port: int
    tls: Tls
    auth: AuthMechanism | None = None
    timeout: timedelta | None = None
    proxy: Proxy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpTls:
    """TLS towards a mail service; all as in `Tls`."""

    verify: bool = True
    ca_file: PurePath | None = None
    min_version: TlsVersion = TlsVersion.TLS_1_2
    pins: tuple[Pin, ...] = ()
    cert_file: PurePath | None = None
    key_file: PurePath | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """Submission to a mail service by HTTPS.

    Attributes:
        url: complete, with scheme; empty: where services of the kind are known to be.
        timeout: for one request with its answer; None: the usual one.
        region: where a service of several regions is to be spoken to.
        domain: the sending domain that the service knows; None: the sender's.
        key_header: the field of the header that the password stands in, in place of Authorization.
        envelope: where the envelope stands, with the kind `raw`.
    """

    url: str
    kind: HttpKind = HttpKind.FORM
    tls: HttpTls = HttpTls()
    timeout: timedelta | None = None
    region: str | None = None
    domain: str | None = None
    key_header: str | None = None
    envelope: EnvelopePlace = EnvelopePlace.HEADERS
    proxy: Proxy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the account may do; None means: the provider's documented limit, else maild's default. `max_bytes` is the
    largest message, `per_session` messages go over one connection, `per_message` recipients share one transaction.
    """

    per_minute: int | None = None
    per_day: int | None = None
    connections: int | None = None
    per_session: int | None = None
    per_message: int | None = None
    max_bytes: int | None = None


Transport: TypeAlias = SmtpSettings | HttpSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One way to send mail.

    Attributes:
        name: the file's name without `.yaml`.
        transport: the `smtp` or the `http` section.
        username: the login name, None when the server wants none.
        email: where mail comes from; None when that is the username, or with HTTP the first reply address.
        password: a reference, never the secret.
        oauth: where access tokens come from, in place of logging in with the password.
        reply_to: where replies go; may be several with SMTP; never empty with HTTP.
        reply_to_policy: whether a Reply-To of the message itself is kept or replaced.
        display_name: the sender's name beside the address.
        copy_to: gets every message as an additional envelope recipient, in no header.
        limits: what the account may do.
        delivery: what it does otherwise than the site with messages that cannot go at once.
        dns: what DNS should say about its mail.
        is_enabled: whether anything is sent through it.
    """

    name: str
    transport: Transport
    username: str | None = None
    email: Mailbox | None = None
    password: SecretReference | None = None
    oauth: OauthSettings | None = None
    reply_to: tuple[Mailbox, ...] = ()
    reply_to_policy: ReplyToPolicy = ReplyToPolicy.KEEP
    display_name: str | None = None
    copy_to: Mailbox | None = None
    limits: Limits = Limits()
    delivery: AccountDelivery = AS_THE_SITE
    dns: AccountDns = field(default_factory=AccountDns)
    is_enabled: bool = True

    @property
    def sender(self) -> Mailbox:
        """Where mail comes from: `email` where the file has it, else the username.

        An HTTP service needs neither; its sender is then the first reply address.
        """
        # Validation lets no account through without any of them.
        if self.email is not None:
            return self.email
        if self.username is not None:
            return _address(self.username)
        return self.reply_to[0]


@lru_cache(maxsize=1024)
def _address(username: str) -> Mailbox:
    """The mailbox that a username is; asked for by each message."""
    return Mailbox.parse(username)


class LogFormat(StrEnum):
    """AUTO: journald prefixes under systemd, coloured text on a terminal, plain text elsewhere."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """The least important lines that are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Privacy(StrEnum):
    """How addresses appear in logs and on the status page."""

    FULL = "full"
    DOMAIN = "domain"
    HASHED = "hashed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsSettings:
    """Where names are looked up.

    Attributes:
        resolvers: their addresses, `ip` or `ip:port`; empty: the system's.
        blocklists: lists of spammers that are asked about own addresses.
    """

    resolvers: tuple[str, ...] = ()
    blocklists: tuple[str, ...] = ("zen.spamhaus.org",)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """Form, level and privacy of log lines."""

    format: LogFormat = LogFormat.AUTO
    level: LogLevel = LogLevel.INFO
    privacy: Privacy = Privacy.DOMAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The daemon's own file, maild.yaml; every key has a default that is right for one small site.

    Attributes:
        spool: the spool folder; None: systemd's StateDirectory, else the user's state folder.
        queue: the queue that other hosts share; None: the spool has its own.
        default_account: the account of drops that no route matches; None: the only account there is.
        local_mail: who gets mail to users of this machine, such as root; None: nobody, it is refused.
    """

    spool: PurePath | None = None
    queue: SharedQueue | None = None
    web: WebSettings = field(default_factory=WebSettings)
    default_account: str | None = None
    local_mail: Mailbox | None = None
    routes: tuple[Route, ...] = ()
    intake: IntakeSettings = field(default_factory=IntakeSettings)
    reports: ReportSettings = field(default_factory=ReportSettings)
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    probe: ProbeSettings = field(default_factory=ProbeSettings)
    dns: DnsSettings = field(default_factory=DnsSettings)
    reload: ReloadSettings = field(default_factory=ReloadSettings)
    lint: LintSettings = field(default_factory=LintSettings)
    log: LogSettings = LogSettings()

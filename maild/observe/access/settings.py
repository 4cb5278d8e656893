"""What a web configuration file may say, as values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from maild.errors import ConfigError


class AccessError(ConfigError):
    """The file, or one that it names, cannot be used; a sentence a line."""


class ClientAuth(StrEnum):
    """What a client has to show; named as the format names it. There are two more, which verify nothing."""

    NONE = "NoClientCert"
    IF_GIVEN = "VerifyClientCertIfGiven"
    REQUIRED = "RequireAndVerifyClientCert"


class TlsVersion(StrEnum):
    """A version of TLS as the format names it."""

    TLS10 = "TLS10"
    TLS11 = "TLS11"
    TLS12 = "TLS12"
    TLS13 = "TLS13"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pem:
    """Something in PEM: a file, or the text itself."""

    file: str | None = None
    text: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsSettings:
    """`tls_server_config`.

    Attributes:
        client_ca: whose certificates of clients are accepted; None: nobody's.
        allowed_sans: names of which a client's certificate must have one; empty: any.
        ciphers: for TLS 1.2 and before, as OpenSSL names them; empty: the library's choice.
        curve: the one for the key exchange, as OpenSSL names it; None: the library's choice.
    """

    cert: Pem
    key: Pem
    client_auth: ClientAuth = ClientAuth.NONE
    client_ca: Pem | None = None
    allowed_sans: tuple[str, ...] = ()
    min_version: TlsVersion = TlsVersion.TLS12
    max_version: TlsVersion = TlsVersion.TLS13
    ciphers: tuple[str, ...] = ()
    is_servers_choice: bool = True
    curve: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """One request each `interval_s` on average, and `burst` at once."""

    interval_s: float
    burst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The whole file. `users` are names with the bcrypt hash of their password; empty: no login."""

    tls: TlsSettings | None = None
    users: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    rate_limit: RateLimit | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The files it names."""
        if self.tls is None:
            return ()
        parts = (self.tls.cert, self.tls.key, self.tls.client_ca)
        return tuple(part.file for part in parts if part is not None and part.file is not None)

"""Who is at the other end of a TLS connection, as a value."""

import ssl
from dataclasses import dataclass
from typing import Self

from maild.net.certificate import Certificate
from maild.net.tls import presented_chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The result of a handshake.

    Attributes:
        protocol: version and cipher, such as "TLSv1.3 TLS_AES_256_GCM_SHA384".
        chain: the certificates as sent, DER, the peer's own first.
        tls_unique: the channel binding of that name (RFC 5929 §3), which there is up to TLS 1.2.
    """

    protocol: str
    chain: tuple[bytes, ...]
    tls_unique: bytes | None = None

    @property
    def certificate(self) -> Certificate | None:
        """The peer's own certificate; None when it cannot be read."""
        return Certificate.of(self.chain[0]) if self.chain else None

    @classmethod
    def of(cls, ssl_object: ssl.SSLObject) -> Self:
        """From a finished handshake."""
        cipher = ssl_object.cipher()
        version = ssl_object.version() or "TLS"
        return cls(
            protocol=f"{version} {cipher[0] if cipher else ''}".rstrip(),
            chain=presented_chain(ssl_object),
            # RFC 9266 §3: with TLS 1.3 it must not be used, though OpenSSL gives something.
            tls_unique=None if version == "TLSv1.3" else ssl_object.get_channel_binding("tls-unique"),
        )

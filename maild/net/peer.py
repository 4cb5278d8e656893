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
    """

    protocol: str
    chain: tuple[bytes, ...]

    @property
    def certificate(self) -> Certificate | None:
        """The peer's own certificate; None when it cannot be read."""
        return Certificate.of(self.chain[0]) if self.chain else None

    @classmethod
    def of(cls, ssl_object: ssl.SSLObject) -> Self:
        """From a finished handshake."""
        cipher = ssl_object.cipher()
        protocol = f"{ssl_object.version() or 'TLS'} {cipher[0] if cipher else ''}".rstrip()
        return cls(protocol=protocol, chain=presented_chain(ssl_object))

"""Channel bindings: what ties a login to the TLS connection that it runs over (RFC 5056, RFC 5929). Pure.

A login that is bound fails where somebody in the middle ends one TLS connection and begins another, even with a
certificate that we trust.

    tls-unique             RFC 5929 §3: the first Finished message; up to TLS 1.2, and known to every server with -PLUS
    tls-server-end-point   RFC 5929 §4: a digest of the server's certificate; with any TLS, not known to every server

Not here: tls-exporter (RFC 9266), which servers with TLS 1.3 prefer. Python's ssl gives no exported keying material, so
with TLS 1.3 the certificate is all there is to bind to. Since a server does not say which binding it takes, a login is
bound to the certificate only where the account asks for that; a guess that fails is a refused login.
"""

from dataclasses import dataclass
from hashlib import new as new_digest
from typing import Self

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from maild.net.peer import Peer

TLS_UNIQUE = "tls-unique"
TLS_SERVER_END_POINT = "tls-server-end-point"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelBinding:
    """Of one connection.

    Attributes:
        name: its registered name.
        data: what both ends know and nobody in between has.
    """

    name: str
    data: bytes

    @classmethod
    def of(cls, peer: Peer | None) -> Self | None:
        """The best that there is for a connection; None without TLS, or with a certificate that gives none."""
        if peer is None:
            return None
        if peer.tls_unique is not None:
            return cls(name=TLS_UNIQUE, data=peer.tls_unique)
        digest = end_point_digest(peer.chain[0]) if peer.chain else None
        return None if digest is None else cls(name=TLS_SERVER_END_POINT, data=digest)

    @property
    def is_sure(self) -> bool:
        """Whether every server that binds at all knows it (RFC 5802 §6.1)."""
        return self.name == TLS_UNIQUE


def end_point_digest(der: bytes) -> bytes | None:
    """The digest of a certificate by its own signature's hash function, by SHA-256 where that is MD5 or SHA-1 (RFC 5929
    §4.1); None where the signature has no such function, as with Ed25519, or the certificate cannot be read.
    """
    try:
        algorithm = x509.load_der_x509_certificate(der).signature_hash_algorithm
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        return None
    if algorithm is None:
        return None
    name = algorithm.name if algorithm.name not in {"md5", "sha1"} else "sha256"
    return new_digest(name, der, usedforsecurity=False).digest()

"""TLS without anything inside: shake hands with a server to see its certificate, whether it is acceptable or not.

Used to name a defect after a verification failed (a second connection without verification, on which nothing is ever
sent), to see that a port speaks TLS from the first byte, and by probes of HTTPS services.
"""

import asyncio
import socket
import ssl
from collections.abc import Sequence

from maild.config.pin import Pin
from maild.mail.phase import Phase
from maild.net.certificate import Certificate, Defect, describe_defect, name_defect
from maild.net.connect import connect_first
from maild.net.peer import Peer
from maild.net.pinning import pin_mismatch
from maild.net.resolver import Address
from maild.net.step import NetError, Reason
from maild.net.tls import NOT_TLS_REASONS, context_for


class CertificateError(NetError):
    """A server's certificate was not accepted.

    Attributes:
        defect: what is wrong with it.
        certificate: what it says, as far as it could be fetched.
        peer: what else was seen on a connection on which nobody verified; None: nothing.
    """

    def __init__(
        self,
        defect: Defect,
        certificate: Certificate | None,
        *,
        host: str,
        more: str = "",
        peer: Peer | None = None,
    ) -> None:
        detail = describe_defect(defect, certificate, host=host)
        super().__init__(Phase.CERTIFICATE, Reason.CERTIFICATE, f"{detail}: {more}" if more else detail)
        self.defect = defect
        self.certificate = certificate
        self.peer = peer


async def shake_hands(address: Address, host: str, context: ssl.SSLContext, *, timeout_s: float) -> Peer:
    """Connect, shake hands, hang up.

    Raises:
        NetError: at Phase.CONNECT or Phase.TLS; a certificate that was not accepted comes out as
            ssl.SSLCertVerificationError for the caller to explain.
    """
    connection = await connect_first([address], timeout_s=timeout_s)
    return await shake_hands_on(connection.sock, host, context, timeout_s=timeout_s)


async def shake_hands_on(sock: socket.socket, host: str, context: ssl.SSLContext, *, timeout_s: float) -> Peer:
    """The same on a connected socket, which is closed afterwards."""
    loop = asyncio.get_running_loop()
    try:
        transport, _ = await loop.create_connection(
            asyncio.Protocol,
            sock=sock,
            ssl=context,
            server_hostname=host,
            ssl_handshake_timeout=timeout_s,
        )
    except ssl.SSLCertVerificationError:
        raise
    except OSError as error:
        raise tls_error(error, timeout_s=timeout_s) from error
    try:
        return Peer.of(transport.get_extra_info("ssl_object"))
    finally:
        transport.abort()


async def fetch_chain(address: Address, host: str, *, timeout_s: float) -> tuple[bytes, ...]:
    """The chain that the server presents when nobody verifies it; empty when it cannot be had."""
    try:
        return (await shake_hands(address, host, context_for(verify=False), timeout_s=timeout_s)).chain
    except NetError:
        return ()


def certificate_error(error: ssl.SSLCertVerificationError, peer: Peer | None, *, host: str) -> CertificateError:
    """What OpenSSL refused, in our words; `peer` is who was there when nobody verified."""
    chain = () if peer is None else peer.chain
    certificate = Certificate.of(chain[0]) if chain else None
    return CertificateError(name_defect(chain, verify_code=error.verify_code), certificate, host=host, peer=peer)


def pin_error(pins: Sequence[Pin], peer: Peer, *, host: str) -> CertificateError | None:
    """What is wrong with a peer when the account pins another certificate or key; None when a pin fits."""
    mismatch = pin_mismatch(pins, peer.chain)
    if mismatch is None:
        return None
    return CertificateError(Defect.NOT_PINNED, peer.certificate, host=host, more=mismatch, peer=peer)


def tls_error(error: BaseException, *, timeout_s: float) -> NetError:
    """A handshake that failed for anything but the certificate."""
    match error:
        case ssl.SSLError() if error.reason in NOT_TLS_REASONS:
            return NetError(
                Phase.TLS, Reason.TLS_MODE, "the server does not speak TLS from the first byte on this port"
            )
        case ssl.SSLError():
            return NetError(Phase.TLS, Reason.TLS, f"the TLS handshake failed: {error.reason or type(error).__name__}")
        # asyncio reports its own handshake time-out as ConnectionAbortedError.
        case TimeoutError() | ConnectionAbortedError():
            return NetError(Phase.TLS, Reason.TIMEOUT, f"the TLS handshake was not done within {timeout_s:g} seconds")
        case OSError():
            return NetError(Phase.TLS, Reason.LOST, "the server closed the connection during the TLS handshake")
        case _:
            return NetError(Phase.TLS, Reason.LOCAL, f"TLS could not be started: {type(error).__name__}")

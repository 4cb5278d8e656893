"""TLS towards servers: the context a connection is made with, when its handshake happened, what the peer presented.

TLS 1.2 at least (RFC 8996 retires the older ones; RFC 8314 §3 wants it of mail clients). The strict X.509 checks that
Python 3.13 switched on by default are left off, or a private authority that works today would fail by an upgrade of
Python. What can go wrong: a file of certificates or a key is not there or is no PEM, which is a NetError naming it.
"""

import asyncio
import contextlib
import functools
import ssl
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from maild.config.model import TlsVersion
from maild.mail.phase import Phase
from maild.net.step import NetError, Reason

NOT_TLS_REASONS: Final = frozenset(
    {"WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"}
)
"""How OpenSSL, old and new, says that the other side answered a TLS hello with something that is not TLS."""

_DEFAULT_PATHS: Final = ssl.get_default_verify_paths()


@dataclass(slots=True)
class HandshakeTimes:
    """When a handshake began and ended well, in the event loop's time, and with whom; None: did not happen."""

    began_at: float | None = None
    ended_at: float | None = None
    ssl_object: ssl.SSLObject | None = None


# The libraries open the connection and shake hands in one call; asyncio runs a connection's callbacks in the context
# it was opened in, so this is how the opener learns the times of its own handshake and of no other.
_WATCHED: Final[ContextVar[HandshakeTimes | None]] = ContextVar("maild_handshake_times", default=None)


@contextlib.contextmanager
def watch_handshake() -> Iterator[HandshakeTimes]:
    """Gives the times of the handshake of a connection that is opened inside."""
    times = HandshakeTimes()
    token = _WATCHED.set(times)
    try:
        yield times
    finally:
        _WATCHED.reset(token)


class _TimedSslObject(ssl.SSLObject):
    """Notes when its handshake began and when it was done."""

    def do_handshake(self) -> None:
        times = _WATCHED.get()
        loop = asyncio.get_running_loop()
        if times is not None and times.began_at is None:
            times.began_at = loop.time()
        super().do_handshake()  # raises SSLWantReadError until the other side has said everything
        if times is not None:
            times.ended_at, times.ssl_object = loop.time(), self


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCertificate:
    """What we show to a server that wants to know who we are: certificate and key, PEM, the key without passphrase."""

    cert_file: Path
    key_file: Path


def context_for(
    *,
    verify: bool,
    ca_file: Path | None = None,
    min_version: TlsVersion = TlsVersion.TLS_1_2,
    client: ClientCertificate | None = None,
) -> ssl.SSLContext:
    """The context for a client; one and the same while the files behind it do not change.

    Args:
        verify: whether the server's certificate must be valid for the host.
        ca_file: certificates trusted instead of the system's (PEM): authorities, or the server's own.
        min_version: the oldest version of TLS that will do.
        client: what we show to servers that ask for a certificate.

    Raises:
        NetError: Phase.TLS, Reason.LOCAL: a file is missing, unreadable or no PEM, or the key is of another
            certificate.
    """
    trusted = ca_file if verify else None
    stamp = _system_stamp() if verify and ca_file is None else ()
    if trusted is not None:
        stamp += (_stamp_of(trusted, "CA file"),)
    if client is not None:
        stamp += (_stamp_of(client.cert_file, "client certificate"), _stamp_of(client.key_file, "client key"))
    return _context(verify=verify, ca_file=trusted, min_version=min_version, client=client, stamp=stamp)


def _stamp_of(path: Path, what: str) -> int:
    try:
        # Opened, not only looked at: OpenSSL does not say which of its files it could not read.
        with path.open("rb"):
            return path.stat().st_mtime_ns
    except FileNotFoundError:
        detail = f"the {what} {path} does not exist"
    except OSError as error:
        detail = f"the {what} {path} cannot be read: {error.strerror}"
    raise NetError(Phase.TLS, Reason.LOCAL, detail)


def presented_chain(ssl_object: ssl.SSLObject) -> tuple[bytes, ...]:
    """The certificates that the server sent, DER, its own first; only its own where this Python tells no more."""
    # Public since Python 3.13; before, the object inside has the method.
    for holder in (ssl_object, getattr(ssl_object, "_sslobj", None)):
        get_chain = getattr(holder, "get_unverified_chain", None)
        if get_chain is not None:
            chain = get_chain() or ()
            return tuple(one if isinstance(one, bytes) else bytes(one.public_bytes(_ENCODING_DER)) for one in chain)
    leaf = ssl_object.getpeercert(binary_form=True)
    return () if leaf is None else (leaf,)


_ENCODING_DER: Final = 2
"""_ssl.ENCODING_DER, for the certificate objects of Python 3.10 to 3.12."""


@functools.lru_cache(maxsize=64)
def _context(
    *,
    verify: bool,
    ca_file: Path | None,
    min_version: TlsVersion,
    client: ClientCertificate | None,
    stamp: tuple[int, ...],
) -> ssl.SSLContext:
    """`stamp` is part of the key alone: a changed file gives a new context."""
    del stamp
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = _MINIMUM[min_version]
    context.sslobject_class = _TimedSslObject
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif ca_file is None:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    else:
        # A CA file may hold the server's own certificate or an intermediate: whoever put it there trusts that one.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        try:
            context.load_verify_locations(cafile=ca_file)
        except ssl.SSLError:
            detail = f"the CA file {ca_file} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"
            raise NetError(Phase.TLS, Reason.LOCAL, detail) from None
    if client is not None:
        _show(context, client)
    return context


def _show(context: ssl.SSLContext, client: ClientCertificate) -> None:
    try:
        # With a password of its own OpenSSL asks nobody at the terminal for one.
        context.load_cert_chain(client.cert_file, client.key_file, password=b"")
    except ssl.SSLError as error:
        files = f"{client.cert_file} and {client.key_file}"
        if error.reason == "KEY_VALUES_MISMATCH":
            detail = f"the client certificate and key do not belong together: {files}"
        else:
            detail = f"the client certificate and key are no PEM, or the key has a passphrase: {files}"
        raise NetError(Phase.TLS, Reason.LOCAL, detail) from None


_MINIMUM: Final = {TlsVersion.TLS_1_2: ssl.TLSVersion.TLSv1_2, TlsVersion.TLS_1_3: ssl.TLSVersion.TLSv1_3}


def _system_stamp() -> tuple[int, ...]:
    """Changes when the system's store of authorities is updated under a running daemon."""
    stamps: list[int] = []
    for name in (_DEFAULT_PATHS.openssl_cafile, _DEFAULT_PATHS.openssl_capath):
        with contextlib.suppress(OSError):
            stamps.append(Path(name).stat().st_mtime_ns)
    return tuple(stamps)

"""From the TLS settings of the web port to a context of the ssl module. Shell code: reads the files that are named.

What can go wrong is one `AccessError` that names the file: it is missing, no PEM, key and certificate do not fit.
"""

import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from maild.observe.access.settings import AccessError, ClientAuth, Pem, TlsSettings, TlsVersion

_VERSIONS: Final = {
    TlsVersion.TLS10: ssl.TLSVersion.TLSv1,
    TlsVersion.TLS11: ssl.TLSVersion.TLSv1_1,
    TlsVersion.TLS12: ssl.TLSVersion.TLSv1_2,
    TlsVersion.TLS13: ssl.TLSVersion.TLSv1_3,
}
_ASKED: Final = {
    ClientAuth.NONE: ssl.CERT_NONE,
    ClientAuth.IF_GIVEN: ssl.CERT_OPTIONAL,
    ClientAuth.REQUIRED: ssl.CERT_REQUIRED,
}


def context_of(settings: TlsSettings, folder: Path) -> ssl.SSLContext:
    """The context; names of files count from `folder`. Blocks.

    Raises:
        AccessError: see above.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version, context.maximum_version = _VERSIONS[settings.min_version], _VERSIONS[settings.max_version]
    context.verify_mode = _ASKED[settings.client_auth]
    if not settings.is_servers_choice:
        context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
    if settings.ciphers:
        context.set_ciphers(":".join(settings.ciphers))
    if settings.curve is not None:
        context.set_ecdh_curve(settings.curve)
    _load(context, settings, folder)
    return context


def _load(context: ssl.SSLContext, settings: TlsSettings, folder: Path) -> None:
    with _file_of(settings.cert, folder) as cert, _file_of(settings.key, folder) as key:
        names = f"{settings.cert.file or 'cert'} and {settings.key.file or 'key'}"
        try:
            # A key with a passphrase must not make OpenSSL ask for it on the terminal.
            context.load_cert_chain(cert, key, password=_no_passphrase)
        except (ssl.SSLError, ValueError) as error:
            raise AccessError(
                f"{names} are no certificate and key in PEM that fit together ({_words(error)})"
            ) from None
        except OSError as error:
            raise AccessError(f"{names} cannot be read: {error.strerror or error}") from None
    if settings.client_ca is None:
        return
    with _file_of(settings.client_ca, folder) as authority:
        name = settings.client_ca.file or "client_ca"
        try:
            context.load_verify_locations(authority)
        except ssl.SSLError as error:
            raise AccessError(f"{name} is no certificate in PEM ({_words(error)})") from None
        except OSError as error:
            raise AccessError(f"{name} cannot be read: {error.strerror or error}") from None


def is_known_client(settings: TlsSettings, peer: ssl.SSLObject) -> bool:
    """Whether the client's certificate, verified already, has one of the names that are allowed."""
    if not settings.allowed_sans:
        return True
    certificate = peer.getpeercert() or {}
    names = certificate.get("subjectAltName", ())
    return any(isinstance(name, tuple) and name[1] in settings.allowed_sans for name in names)


@contextmanager
def _file_of(pem: Pem, folder: Path) -> Iterator[str]:
    """A path to it: OpenSSL takes nothing else for a key. What stands in the file itself is written down meanwhile."""
    if pem.text is None:
        yield str(folder / (pem.file or ""))
        return
    with tempfile.NamedTemporaryFile("w", prefix="maild-", suffix=".pem") as held:  # mode 0600
        held.write(pem.text)
        held.flush()
        yield held.name


def _no_passphrase() -> str:
    raise ValueError("the key has a passphrase")


def _words(error: Exception) -> str:
    return getattr(error, "reason", None) or str(error).partition(" (")[0]

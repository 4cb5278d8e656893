"""A server's certificate as a value, and the name of what is wrong with it. Pure.

It decides nothing: whether a certificate is accepted is OpenSSL's verdict (`net.tls`). What it adds are facts that
outlive a failed handshake and a word for the defect that a person can act on, since "certificate verify failed" is
the same text for an expired, a self-signed and a foreign certificate. Hostile input: a certificate that cannot be
read gives None, never an exception.
"""

import hashlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Self, assert_never

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import AuthorityInformationAccessOID

MAX_NAME_CHARS: Final = 200
MAX_NAMES: Final = 100
MAX_KNOWN: Final = 1000
"""So many certificates are kept as they were read: each probe of a server shows the same ones several times."""

_UNREADABLE: Final = (
    ValueError,
    TypeError,
    # These derive from Exception alone: the library does not say ValueError for every damage.
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


class Defect(StrEnum):
    """Why a certificate was not accepted."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    SELF_SIGNED = "self_signed"
    UNTRUSTED_ROOT = "untrusted_root"
    INCOMPLETE_CHAIN = "incomplete_chain"
    NAME_MISMATCH = "name_mismatch"
    WEAK_KEY = "weak_key"
    MALFORMED = "malformed"
    """The certificate or one above it breaks the rules for certificates, such as an authority not marked as one."""
    NOT_PINNED = "not_pinned"
    """It is not the one that the account pins; whether it is valid otherwise is another question."""
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a certificate says of itself; remote text, made safe and capped.

    Attributes:
        subject, issuer: distinguished names in the form of RFC 4514.
        sha256: fingerprint of the whole certificate, lower-case hexadecimal.
        names: the DNS names and IP addresses that it is for.
    """

    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    sha256: str
    names: tuple[str, ...] = ()

    @classmethod
    @lru_cache(maxsize=MAX_KNOWN)
    def of(cls, der: bytes) -> Self | None:
        """The certificate in these bytes, or None when they cannot be read as one. Those seen lately are known."""
        try:
            with _quietly():
                found = x509.load_der_x509_certificate(der)
                return cls(
                    subject=_safe(found.subject.rfc4514_string()),
                    issuer=_safe(found.issuer.rfc4514_string()),
                    not_before=found.not_valid_before_utc,
                    not_after=found.not_valid_after_utc,
                    sha256=found.fingerprint(hashes.SHA256()).hex(),
                    names=_names(found),
                )
        except _UNREADABLE:
            return None

    def __str__(self) -> str:
        return f"valid until {self.not_after:%Y-%m-%d}, issued by {self.issuer}"


# X509_V_ERR_* of OpenSSL's x509_vfy.h.
_BY_VERIFY_CODE: Final[Mapping[int, Defect]] = MappingProxyType(
    {
        9: Defect.NOT_YET_VALID,
        10: Defect.EXPIRED,
        18: Defect.SELF_SIGNED,
        19: Defect.UNTRUSTED_ROOT,
        24: Defect.MALFORMED,  # an issuer that is not allowed to be one
        62: Defect.NAME_MISMATCH,
        64: Defect.NAME_MISMATCH,  # the same for an IP address
        66: Defect.WEAK_KEY,
        67: Defect.WEAK_KEY,
        68: Defect.WEAK_KEY,
        79: Defect.MALFORMED,
        89: Defect.MALFORMED,  # strict checks: Basic Constraints not critical
    }
)
_NO_ISSUER_CODES: Final = frozenset({2, 20, 21})
"""The issuer was not found: neither sent along by the server nor trusted here."""


def name_defect(chain: Sequence[bytes], *, verify_code: int) -> Defect:
    """What was wrong, from OpenSSL's verify code and the chain as the server sent it (DER, leaf first, may be empty).

    OpenSSL cannot tell a missing intermediate from an unknown authority. A public authority always writes down where
    its own certificate can be fetched (caIssuers, CA/Browser Forum baseline requirements) and a private one hardly
    ever does; so a lone certificate with such an address lacks its intermediate.
    """
    if verify_code not in _NO_ISSUER_CODES:
        return _BY_VERIFY_CODE.get(verify_code, Defect.OTHER)
    try:
        with _quietly():
            leaf = x509.load_der_x509_certificate(chain[0])
            if leaf.subject == leaf.issuer:
                return Defect.SELF_SIGNED
            if len(chain) == 1 and _names_its_issuer(leaf):
                return Defect.INCOMPLETE_CHAIN
    except (IndexError, *_UNREADABLE):
        pass
    return Defect.UNTRUSTED_ROOT


@lru_cache(maxsize=MAX_KNOWN)
def public_key_of(der: bytes) -> bytes | None:
    """The SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) of a certificate, DER; None when it cannot be read."""
    try:
        with _quietly():
            key = x509.load_der_x509_certificate(der).public_key()
            return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (UnsupportedAlgorithm, *_UNREADABLE):
        return None


def public_key_digest(der: bytes) -> str | None:
    """SHA-256 of it, lower-case hexadecimal, as pins have it; None when the certificate cannot be read."""
    key = public_key_of(der)
    return None if key is None else hashlib.sha256(key).hexdigest()


def describe_defect(defect: Defect, certificate: Certificate | None, *, host: str) -> str:
    """The defect in a sentence for a person, with the facts of the certificate where there are some."""
    match defect:
        case Defect.EXPIRED:
            words = "has expired" + (f" on {certificate.not_after:%Y-%m-%d}" if certificate else "")
        case Defect.NOT_YET_VALID:
            since = f"before {certificate.not_before:%Y-%m-%d}" if certificate else "yet"
            words = f"is not valid {since}; is this machine's clock right?"
        case Defect.SELF_SIGNED:
            words = "is self-signed: nobody this machine trusts vouches for it"
        case Defect.UNTRUSTED_ROOT:
            words = f"was issued by {_issuer(certificate)}, whom this machine does not trust"
        case Defect.INCOMPLETE_CHAIN:
            words = f"was issued by {_issuer(certificate)}, whose own certificate the server does not send along"
        case Defect.NAME_MISMATCH:
            names = ", ".join(certificate.names[:5]) if certificate and certificate.names else "another name"
            words = f"is for {names}, not for {host}"
        case Defect.WEAK_KEY:
            words = "has a key or a signature too weak to protect anything"
        case Defect.MALFORMED:
            words = "or one of those above it breaks the rules for certificates"
        case Defect.NOT_PINNED:
            words = "is not the pinned one"
        case Defect.OTHER:
            words = "was not accepted"
        case _:
            assert_never(defect)
    return f"the server's certificate {words}"


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the library's warnings: a server could have them printed, with paths of this machine in them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _issuer(certificate: Certificate | None) -> str:
    return f'"{certificate.issuer}"' if certificate else "somebody"


def _names(found: x509.Certificate) -> tuple[str, ...]:
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    hosts = names.get_values_for_type(x509.DNSName)
    addresses = names.get_values_for_type(x509.IPAddress)
    return tuple(_safe(str(name)) for name in [*hosts, *addresses][:MAX_NAMES])


def _names_its_issuer(leaf: x509.Certificate) -> bool:
    try:
        access = leaf.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return False
    return any(one.access_method == AuthorityInformationAccessOID.CA_ISSUERS for one in access)


def _safe(text: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in text[:MAX_NAME_CHARS])

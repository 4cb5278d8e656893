"""A certificate authority for one afternoon, and one server certificate for this machine's loopback.

The demo's accounts verify their server like real ones do; this is what they verify it against. Keys are elliptic
(P-256) because they are made in a millisecond. Valid for a day, trusted by nobody but the demo's own files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFiles:
    """PEM files: the authority's certificate, and the server's certificate chained with its private key."""

    authority: Path
    server: Path


def make_certificates(folder: Path, *, now: datetime) -> CertificateFiles:
    """Make both in this folder, which must exist; the server's file is readable by its owner only."""
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _sign(
        _named("maild demo authority", authority_key, now=now),
        authority_key,
        issuer="maild demo authority",
        extensions=(
            (x509.BasicConstraints(ca=True, path_length=0), True),
            (_usage(signs_certificates=True), True),
            (x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), False),
        ),
    )
    server_key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))])
    server = _sign(
        _named("localhost", server_key, now=now),
        authority_key,
        issuer="maild demo authority",
        extensions=(
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_usage(signs_certificates=False), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (names, False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), False),
        ),
    )
    files = CertificateFiles(authority=folder / "authority.pem", server=folder / "server.pem")
    files.authority.write_bytes(_pem(authority))
    files.server.touch(mode=0o600)
    files.server.write_bytes(_pem(server) + _key_pem(server_key))
    return files


def _named(name: str, key: ec.EllipticCurvePrivateKey, *, now: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # A minute back: clocks of one machine agree, but the fields hold whole seconds.
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=1))
    )


def _sign(
    builder: x509.CertificateBuilder,
    key: ec.EllipticCurvePrivateKey,
    *,
    issuer: str,
    extensions: Sequence[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    builder = builder.issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, critical=is_critical)
    return builder.sign(key, hashes.SHA256())


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

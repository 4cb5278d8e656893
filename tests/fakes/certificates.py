"""Certificates for loopback servers: one private authority, one good certificate, and one for each defect.

`certificates()` makes them once per process in a temporary folder that is removed at exit.
"""

import atexit
import functools
import shutil
import ssl
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID

NAMES: Final = ("localhost", "127.0.0.1", "::1", "mail.test", "smtp.test")
"""What the good certificate is good for; the resolver fake gives the last two a loopback address."""

GOOD_UNTIL: Final = datetime(2099, 1, 1, tzinfo=UTC)
EXPIRED_AT: Final = datetime(2020, 2, 2, tzinfo=UTC)
VALID_FROM: Final = datetime(2098, 1, 1, tzinfo=UTC)
"""When the one that is not yet valid becomes so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCertificate:
    """A certificate chain and its key, as files in PEM."""

    cert_file: Path
    key_file: Path

    def context(self) -> ssl.SSLContext:
        """What a TLS server presents it with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # a weak key is one of the defects
        context.load_cert_chain(self.cert_file, self.key_file)
        return context

    @property
    def der(self) -> bytes:
        """The server's own certificate."""
        leaf = self.cert_file.read_text("ascii").split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n"
        return ssl.PEM_cert_to_DER_cert(leaf)


class Demanding(ServerCertificate):
    """Of a server that wants to see a certificate of ours."""

    def context(self) -> ssl.SSLContext:
        """What a TLS server presents it with."""
        context = super().context()
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(certificates().ca_file)
        return context


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """The authority's certificate in `ca_file`; everything but the self-signed one comes from it."""

    ca_file: Path
    good: ServerCertificate
    renewed: ServerCertificate
    """As good, with another key."""
    expired: ServerCertificate
    not_yet_valid: ServerCertificate
    wrong_host: ServerCertificate
    self_signed: ServerCertificate
    untrusted_root: ServerCertificate
    """Of another authority, whose root is sent along."""
    incomplete_chain: ServerCertificate
    """Of an intermediate authority that is not sent along."""
    weak_key: ServerCertificate


@functools.cache
def certificates() -> Certificates:
    """The certificates of this test process."""
    folder = Path(tempfile.mkdtemp(prefix="maild-certificates-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return make_certificates(folder)


def make_certificates(folder: Path) -> Certificates:
    """A fresh set in that folder."""
    ca, other = trustme.CA(organization_name="Test Trust"), trustme.CA(organization_name="Other Trust")
    middle = ca.create_child_ca()
    ca_file = folder / "ca.pem"
    ca.cert_pem.write_to_path(str(ca_file))
    past, future = EXPIRED_AT - timedelta(days=90), VALID_FROM + timedelta(days=90)

    def leaf(
        name: str, issuer: trustme.CA, not_before: datetime | None = None, not_after: datetime = GOOD_UNTIL
    ) -> trustme.LeafCert:
        return issuer.issue_cert(*NAMES, common_name=name, not_before=not_before, not_after=not_after)

    untrusted = leaf("untrusted.test", other)
    return Certificates(
        ca_file=ca_file,
        good=_written(folder, "good", leaf("mail.test", ca)),
        renewed=_written(folder, "renewed", leaf("mail.test", ca)),
        expired=_written(folder, "expired", leaf("expired.test", ca, past, EXPIRED_AT)),
        not_yet_valid=_written(folder, "early", leaf("early.test", ca, VALID_FROM, future)),
        wrong_host=_written(folder, "wrong", ca.issue_cert("other.test", common_name="other.test")),
        self_signed=_self_signed(folder),
        untrusted_root=_written(folder, "untrusted", untrusted, more=[other.cert_pem]),
        incomplete_chain=_incomplete(folder, middle),
        weak_key=_weak(folder, ca),
    )


def _written(
    folder: Path, name: str, leaf: trustme.LeafCert, *, more: Sequence[trustme.Blob] = ()
) -> ServerCertificate:
    blobs = [*leaf.cert_chain_pems, *more]
    return _files(folder, name, b"".join(blob.bytes() for blob in blobs), leaf.private_key_pem.bytes())


def _files(folder: Path, name: str, chain: bytes, key: bytes) -> ServerCertificate:
    files = ServerCertificate(cert_file=folder / f"{name}.pem", key_file=folder / f"{name}.key")
    files.cert_file.write_bytes(chain)
    files.key_file.write_bytes(key)
    return files


def _self_signed(folder: Path) -> ServerCertificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    certificate = _builder(name, name).public_key(key.public_key()).sign(key, hashes.SHA256())
    return _files(folder, "self-signed", certificate.public_bytes(serialization.Encoding.PEM), _key_pem(key))


def _weak(folder: Path, ca: trustme.CA) -> ServerCertificate:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # what makes it weak
    return _issued(folder, "weak", ca, key, [])


def _incomplete(folder: Path, middle: trustme.CA) -> ServerCertificate:
    """Sent without its issuer, and saying where that could be fetched, as public authorities do."""
    place = x509.UniformResourceIdentifier("http://middle.test/middle.cer")
    access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
    key = ec.generate_private_key(ec.SECP256R1())
    return _issued(folder, "incomplete", middle, key, [x509.AuthorityInformationAccess([access])])


def _issued(
    folder: Path,
    name: str,
    ca: trustme.CA,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    extensions: Sequence[x509.ExtensionType],
) -> ServerCertificate:
    issuer = x509.load_pem_x509_certificate(ca.cert_pem.bytes())
    issuer_key = serialization.load_pem_private_key(ca.private_key_pem.bytes(), password=None)
    assert isinstance(issuer_key, ec.EllipticCurvePrivateKey)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{name}.test")])
    builder = _builder(subject, issuer.subject).public_key(key.public_key())
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    certificate = builder.sign(issuer_key, hashes.SHA256())
    return _files(folder, name, certificate.public_bytes(serialization.Encoding.PEM), _key_pem(key))


def _builder(subject: x509.Name, issuer: x509.Name) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(GOOD_UNTIL)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("mail.test"), x509.DNSName("localhost")]), critical=False
        )
    )


def _key_pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

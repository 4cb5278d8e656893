from base64 import b64decode
from dataclasses import replace
from hashlib import sha256, sha384

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding

from maild.net.channel_binding import ChannelBinding, end_point_digest
from maild.net.peer import Peer
from tests.fakes.certificates import GOOD_UNTIL, VALID_FROM, certificates


def certificate(algorithm: hashes.SHA256 | hashes.SHA384 | None) -> bytes:
    """Signed by that function; None: with a key that has none."""
    key = ed25519.Ed25519PrivateKey.generate() if algorithm is None else ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(VALID_FROM).not_valid_after(GOOD_UNTIL)
    return builder.sign(key, algorithm).public_bytes(Encoding.DER)


SIGNED_BY_SHA_1 = b64decode(
    "MIIBbDCCARKgAwIBAgIUO8og7oHRF6lyCniHMB8ieo/SsrcwCQYHKoZIzj0EATAMMQowCAYDVQQDDAFhMB4XDTI2MTEyNDEyMTYwNloXDTM2MTEy"
    "MTEyMTYwNlowDDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDV9CSD4r0WaBy1x4OSPQ7K/s+wE2/ubdhs4vM7Vmy34uE8h"
    "6FSdLAOGKnmjhTAjt8SX47zk+6gZ/wQlyU2IXwijUzBRMB0GA1UdDgQWBBQeCaChrKP1xTWmp+kFY4XIaRvQhzAfBgNVHSMEGDAWgBQeCaChrKP1"
    "xTWmp+kFY4XIaRvQhzAPBgNVHRMBAf8EBTADAQH/MAkGByqGSM49BAEDSQAwRgIhAJ8QFQRNFXhbRPDQxmGQQm63y5n3CIPqJF3Cq++y3ZugAiEA"
    "10XD1Qp80EP08Ff9boF6AJxlwE1Ko7kCjckybEoEOCw="
)
"""By `openssl req -x509 -sha1`; the library that the tests make certificates with does not sign so any more."""


def test_a_certificate_is_digested_by_its_signature_s_own_function() -> None:
    der = certificate(hashes.SHA384())

    assert end_point_digest(der) == sha384(der).digest()


def test_sha_1_is_replaced_by_sha_256() -> None:
    assert end_point_digest(SIGNED_BY_SHA_1) == sha256(SIGNED_BY_SHA_1).digest()


@pytest.mark.parametrize("der", [certificate(None), b"", b"no certificate"])
def test_a_certificate_without_such_a_function_gives_no_binding(der: bytes) -> None:
    assert end_point_digest(der) is None
    assert ChannelBinding.of(Peer(protocol="TLSv1.3", chain=(der,))) is None


def test_without_tls_or_without_a_certificate_there_is_nothing_to_bind_to() -> None:
    assert ChannelBinding.of(None) is None
    assert ChannelBinding.of(Peer(protocol="TLSv1.3", chain=())) is None


def test_the_connection_s_own_binding_is_better_than_the_certificate_s() -> None:
    peer = Peer(protocol="TLSv1.2", chain=(certificates().good.der,), tls_unique=b"finished")

    assert ChannelBinding.of(peer) == ChannelBinding(name="tls-unique", data=b"finished")
    bound = ChannelBinding.of(replace(peer, tls_unique=None))
    assert bound == ChannelBinding(name="tls-server-end-point", data=sha256(certificates().good.der).digest())
    assert not bound.is_sure

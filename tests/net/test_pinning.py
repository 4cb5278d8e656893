import base64
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from maild.config.pin import Pin, PinKind
from maild.net.pinning import pin_mismatch, seen_pin
from tests.fakes.certificates import certificates

OTHERS = {kind: Pin(kind=kind, digest=bytes(32)) for kind in PinKind}


def own(kind: PinKind) -> Pin:
    pin = seen_pin(kind, certificates().good.der)
    assert pin is not None
    return pin


def test_what_is_seen_is_what_openssl_and_rfc_7469_count() -> None:
    der = certificates().good.der
    key = x509.load_der_x509_certificate(der).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    assert str(own(PinKind.CERTIFICATE)) == sha256(der).hexdigest()
    assert str(own(PinKind.PUBLIC_KEY)) == base64.b64encode(sha256(spki).digest()).decode()


@pytest.mark.parametrize("kind", PinKind)
def test_one_pin_of_several_is_enough(kind: PinKind) -> None:
    assert pin_mismatch((OTHERS[PinKind.CERTIFICATE], own(kind)), (certificates().good.der,)) is None


def test_without_pins_every_server_will_do() -> None:
    assert pin_mismatch((), ()) is None


@pytest.mark.parametrize("kind", PinKind)
def test_another_one_is_named_beside_the_pinned_one(kind: PinKind) -> None:
    assert pin_mismatch((OTHERS[kind],), (certificates().good.der,)) == (
        f"pinned is {kind} {OTHERS[kind]}; the server shows {kind} {own(kind)}"
    )


def test_a_certificate_of_the_authority_does_not_stand_for_the_server() -> None:
    chain = (certificates().expired.der, certificates().good.der)

    assert pin_mismatch((own(PinKind.CERTIFICATE),), chain) is not None


def test_what_cannot_be_read_fits_no_pin() -> None:
    mismatch = pin_mismatch((OTHERS[PinKind.PUBLIC_KEY],), (b"no certificate",))

    assert mismatch == f"pinned is public key {OTHERS[PinKind.PUBLIC_KEY]}; the server shows public key nothing"
    assert pin_mismatch((OTHERS[PinKind.CERTIFICATE],), ()) is not None

from base64 import b64encode
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from maild.records.dkim import DkimKey, DkimKeyError, DkimRevoked, parse_dkim_key

SPKI = PublicFormat.SubjectPublicKeyInfo


@cache
def rsa_key(bits: int = 1024, form: PublicFormat = SPKI) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()
    return b64encode(key.public_bytes(Encoding.DER, form)).decode()


def ed25519_key() -> str:
    key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    return b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def test_a_key_is_measured_and_its_flags_are_read() -> None:
    spaced = f"{rsa_key()[:40]} {rsa_key()[40:]}"

    assert parse_dkim_key(f"v=DKIM1; k=rsa; h=sha1:sha256; s=email; t=y:s; n=a note; p={spaced};") == DkimKey(
        kind="rsa", bits=1024, is_testing=True, is_strict=True
    )
    assert parse_dkim_key(f"p={rsa_key()}") == DkimKey(kind="rsa", bits=1024)
    assert parse_dkim_key(f"v=DKIM1; p={rsa_key(1024, PublicFormat.PKCS1)}") == DkimKey(
        kind="rsa", bits=1024, is_bare=True
    )
    assert parse_dkim_key(f"v=DKIM1; k=ed25519; p={ed25519_key()}") == DkimKey(kind="ed25519", bits=256)


def test_an_empty_key_was_taken_back() -> None:
    assert parse_dkim_key("v=DKIM1; p=") == DkimRevoked()


def test_what_no_verifier_could_use_is_told_with_its_reason() -> None:
    elliptic = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.DER, SPKI)
    for text, words in [
        ("DKIM1; p=", "this is no tag"),
        ("k=rsa; v=DKIM1; p=", "must be DKIM1 and stand first"),
        ("v=DKIM2; p=", "must be DKIM1 and stand first"),
        ("v=DKIM1; k=rsa", "`p` with the key is missing"),
        ("v=DKIM1; h=sha1; p=", "leaves out sha256"),
        ("v=DKIM1; s=tlsrpt; p=", "not for e-mail"),
        ("v=DKIM1; p=%%%", "no base64"),
        ("v=DKIM1; p=AAAA", "its end is cut off"),
        (f"v=DKIM1; p={rsa_key()[:100]}", "its end is cut off"),
        (f"v=DKIM1; p={b64encode(elliptic).decode()}", "a key of another kind"),
        ("v=DKIM1; k=ed25519; p=AAAA", "the 32 bytes of the key alone, and has 3"),
        ("v=DKIM1; k=dsa; p=AAAA", "`k=dsa` is no kind of key"),
    ]:
        with pytest.raises(DkimKeyError) as caught:
            parse_dkim_key(text)
        assert words in caught.value.problem


@given(st.text(st.sampled_from("vkpths=;:DKIM1 rsaed25519yAB/+"), max_size=60))
def test_any_text_is_a_key_or_a_reason(text: str) -> None:
    try:
        assert isinstance(parse_dkim_key(text), DkimKey | DkimRevoked)
    except DkimKeyError as error:
        assert error.problem  # noqa: PT017 -- either may happen

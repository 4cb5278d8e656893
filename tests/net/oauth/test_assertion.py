import base64
import json
from datetime import UTC, datetime
from functools import cache

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from maild.net.oauth.assertion import KeyFileError, ServiceKey
from maild.secret import Secret
from tests.rows import each_row

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # quick; its strength is nobody's business


def key_file(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> Secret:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    text = {
        "type": "service_account",
        "client_email": "mailer@shop.example",
        "private_key_id": "k1",
        "private_key": pem,
    }
    return Secret(json.dumps(text, indent=2))


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_an_assertion_is_a_jwt_that_the_public_key_verifies() -> None:
    word = ServiceKey.parse(key_file(rsa_key())).assertion(
        user="billing@shop.example", scope="https://mail.google.com/", audience="https://tokens.example/", now=NOW
    )

    header, claims, signature = word.reveal().split(".")
    assert json.loads(decoded(header)) == {"alg": "RS256", "typ": "JWT", "kid": "k1"}
    assert json.loads(decoded(claims)) == {
        "iss": "mailer@shop.example",
        "sub": "billing@shop.example",
        "scope": "https://mail.google.com/",
        "aud": "https://tokens.example/",
        "iat": int(NOW.timestamp()) - 30,
        "exp": int(NOW.timestamp()) + 570,
    }
    rsa_key().public_key().verify(
        decoded(signature), f"{header}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256()
    )


@each_row(
    "text",
    ["", "{}", "[]", "hunter2", '{"client_email": 1, "private_key_id": "a", "private_key": "b"}'],
)
def test_what_is_no_key_file_is_said_to_be_none_and_not_shown(text: str) -> None:
    with pytest.raises(KeyFileError) as caught:
        ServiceKey.parse(Secret(text))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "file",
    [
        key_file(ec.generate_private_key(ec.SECP256R1())),
        Secret('{"client_email": "a", "private_key_id": "b", "private_key": "c"}'),
    ],
)
def test_a_key_of_another_kind_signs_nothing(file: Secret) -> None:
    with pytest.raises(KeyFileError, match="its private_key"):
        ServiceKey.parse(file).assertion(user="u", scope="s", audience="a", now=NOW)

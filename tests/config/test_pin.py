import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.pin import DIGEST_BYTES, Pin, PinKind, parse_pin
from tests.rows import each_row

DIGEST = bytes(range(DIGEST_BYTES))
HEX = DIGEST.hex()
COLONS = ":".join(f"{byte:02X}" for byte in DIGEST)
BASE64 = base64.b64encode(DIGEST).decode()


@each_row("text", [HEX, HEX.upper(), COLONS, f"SHA256 Fingerprint={COLONS}", f"sha256 Fingerprint={COLONS}"])
def test_hexadecimal_is_of_the_certificate_as_openssl_prints_it(text: str) -> None:
    assert parse_pin(text) == Pin(kind=PinKind.CERTIFICATE, digest=DIGEST)


@pytest.mark.parametrize("text", [BASE64, f"sha256//{BASE64}", f'pin-sha256="{BASE64}"'])
def test_base64_is_of_the_public_key_as_rfc_7469_and_curl_have_it(text: str) -> None:
    assert parse_pin(text) == Pin(kind=PinKind.PUBLIC_KEY, digest=DIGEST)


@each_row(
    "text",
    [
        "",
        "x",
        HEX[:-1],
        HEX + "0",
        COLONS.replace(":", "-"),
        COLONS[:-3],
        BASE64[:-1],
        BASE64 + "=",
        f"{HEX}\n",
        "A" * 42 + "B=",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert parse_pin(text) is None


@given(st.sampled_from(PinKind), st.binary(min_size=DIGEST_BYTES, max_size=DIGEST_BYTES))
def test_what_a_pin_is_written_as_is_read_as_the_same(kind: PinKind, digest: bytes) -> None:
    pin = Pin(kind=kind, digest=digest)

    assert parse_pin(str(pin)) == pin


@given(st.text(max_size=100))
def test_no_text_makes_it_fail(text: str) -> None:
    pin = parse_pin(text)

    assert pin is None or len(pin.digest) == DIGEST_BYTES

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from maild.net.oauth.answer import Denied, DeviceCode, read_device_code, read_token
from maild.net.oauth.token import Granted
from maild.secret import Secret
from tests.rows import each_row


def test_a_token_is_read_as_in_rfc_6749_section_5_1() -> None:
    text = json.dumps(
        {
            "access_token": "2YotnFZFEjr1zCsicMWpAA",
            "token_type": "Bearer",
            "expires_in": 3600,
            "refresh_token": "tGzv3JOkF0XG5Qx2TlKWIA",
            "example_parameter": "example_value",
        }
    )

    assert read_token(200, text) == Granted(
        access=Secret("2YotnFZFEjr1zCsicMWpAA"),
        lifetime=timedelta(hours=1),
        refresh=Secret("tGzv3JOkF0XG5Qx2TlKWIA"),
    )


@each_row(
    ("expires_in", "seconds"),
    [("3599", 3599), (None, 3600), (-5, 1), (10**12, 30 * 86400), (True, 3600), ("soon", 3600), (1.5, 3600)],
)
def test_a_lifetime_is_what_can_be_one(expires_in: object, seconds: int) -> None:
    granted = read_token(200, json.dumps({"access_token": "t", "expires_in": expires_in}))

    assert isinstance(granted, Granted)
    assert granted.lifetime == timedelta(seconds=seconds)


@each_row(
    ("status", "body", "error", "is_final"),
    [
        (400, {"error": "invalid_grant", "error_description": "AADSTS700082:\r\n expired"}, "invalid_grant", True),
        (401, {"error": "invalid_client"}, "invalid_client", True),
        (400, {"error": "temporarily_unavailable"}, "temporarily_unavailable", False),
        (503, {"error": "server_error"}, "server_error", False),
        (429, {}, "status 429", False),
        (404, {}, "status 404", True),
        (302, {}, "status 302", False),
        (200, {"access_token": "two words"}, "an answer without a token", False),
        (200, {"access_token": "a\r\nb"}, "an answer without a token", False),
        (200, {"access_token": "t", "token_type": "mac"}, "an answer without a token", False),
        (400, {"error": ["invalid_grant"]}, "status 400", True),
    ],
)
def test_a_refusal_is_for_good_or_for_now(status: int, body: object, error: str, is_final: object) -> None:
    denied = read_token(status, json.dumps(body))

    assert isinstance(denied, Denied)
    assert (denied.error, denied.is_final) == (error, is_final)


def test_the_words_of_a_refusal_are_made_one_short_line() -> None:
    words = "AADSTS70043:\r\n\x1b[31mexpired " + "x" * 1000

    denied = read_token(400, json.dumps({"error": "invalid_grant", "error_description": words}))

    assert isinstance(denied, Denied)
    assert denied.words.startswith("AADSTS70043: [31mexpired xxx")
    assert len(denied.words) == 300


@each_row("text", ["", "<html>", "[]", "[" * 100_000])
def test_what_is_no_object_is_no_token(text: str) -> None:
    assert isinstance(read_token(200, text), Denied)


def test_a_device_code_is_read_as_in_rfc_8628_section_3_2() -> None:
    text = json.dumps(
        {
            "device_code": "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
            "user_code": "WDJB-MJHT",
            "verification_uri": "https://example.com/device",
            "expires_in": 1800,
            "interval": 5,
        }
    )

    assert read_device_code(200, text) == DeviceCode(
        device_code=Secret("GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS"),
        user_code="WDJB-MJHT",
        verification_uri="https://example.com/device",
        lifetime_s=1800,
        interval_s=5,
    )


def test_a_device_code_without_the_numbers_has_the_usual_ones() -> None:
    code = read_device_code(200, json.dumps({"device_code": "d", "user_code": "u", "verification_url": "https://x"}))

    assert isinstance(code, DeviceCode)
    assert (code.lifetime_s, code.interval_s) == (900, 5)


def test_a_refused_device_code_is_a_refusal() -> None:
    assert isinstance(read_device_code(400, json.dumps({"error": "unauthorized_client"})), Denied)


@given(status=st.integers(200, 599), text=st.text())
def test_no_answer_does_harm(status: int, text: str) -> None:
    assert isinstance(read_token(status, text), Granted | Denied)
    assert isinstance(read_device_code(status, text), DeviceCode | Denied)

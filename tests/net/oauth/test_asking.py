from urllib.parse import parse_qs, urlsplit

import pytest

from maild.config.oauth_settings import OauthGrant
from maild.net.http import FormBody
from maild.net.oauth.asking import (
    Consent,
    for_device_code,
    with_assertion,
    with_client_secret,
    with_device_code,
    with_refresh_token,
)
from maild.net.oauth.endpoints import Endpoints
from maild.secret import Secret
from tests.rows import each_row

ENDPOINTS = Endpoints(
    title="Test",
    grant=OauthGrant.LOGIN,
    client_id="maild",
    user="billing@shop.example",
    scope="send offline_access",
    token_url="https://tokens.example/token",
)
# The verifier and challenge of RFC 7636 appendix B.
CONSENT = Consent(
    endpoints=ENDPOINTS,
    authorize_url="https://tokens.example/authorize",
    state="xyz",
    verifier=Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
)
BACK = "http://127.0.0.1:9/maild?code=SplxlOBeZQQYbYS6WxSbIA&state=xyz"


def fields(form: FormBody) -> dict[str, str]:
    assert form.is_urlencoded
    return dict(form.fields)


def test_each_grant_says_what_its_rfc_wants() -> None:
    secret = Secret("s3cret")

    assert fields(with_refresh_token(ENDPOINTS, Secret("r"), None)) == {
        "grant_type": "refresh_token",
        "refresh_token": "r",
        "client_id": "maild",
        "scope": "send offline_access",
    }
    assert fields(with_client_secret(ENDPOINTS, secret)) == {
        "grant_type": "client_credentials",
        "client_id": "maild",
        "client_secret": "s3cret",
        "scope": "send offline_access",
    }
    assert fields(with_assertion(Secret("a.b.c"))) == {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": "a.b.c",
    }
    assert fields(for_device_code(ENDPOINTS)) == {"client_id": "maild", "scope": "send offline_access"}
    assert fields(with_device_code(ENDPOINTS, Secret("d"), secret)) == {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": "d",
        "client_id": "maild",
        "client_secret": "s3cret",
    }


def test_without_a_scope_none_is_asked_for() -> None:
    endpoints = Endpoints(title="T", grant=OauthGrant.LOGIN, client_id="m", user="u", scope="", token_url="https://t")

    assert fields(for_device_code(endpoints)) == {"client_id": "m"}


def test_a_login_by_browser_is_bound_to_this_program_as_in_rfc_7636() -> None:
    query = {key: value[0] for key, value in parse_qs(urlsplit(CONSENT.url).query).items()}

    assert CONSENT.url.startswith("https://tokens.example/authorize?")
    assert query["code_challenge"] == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert (query["code_challenge_method"], query["state"], query["login_hint"]) == (
        "S256",
        "xyz",
        "billing@shop.example",
    )
    code = CONSENT.code_in(f"  {BACK}\n")
    assert fields(CONSENT.form(code, None)) == {
        "grant_type": "authorization_code",
        "code": "SplxlOBeZQQYbYS6WxSbIA",
        "redirect_uri": "http://127.0.0.1:9/maild",
        "client_id": "maild",
        "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    }


@each_row(
    ("address", "words"),
    [
        ("", "no code= in it"),
        ("http://[", "no code= in it"),
        (BACK.replace("xyz", "abc"), "another login"),
        ("http://127.0.0.1:9/maild?error=access_denied&state=xyz", "refused: access_denied"),
        ("http://127.0.0.1:9/?error=x&error_description=No%0Away", "refused: Noway"),
    ],
)
def test_an_address_without_this_login_s_code_is_turned_down(address: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        CONSENT.code_in(address)

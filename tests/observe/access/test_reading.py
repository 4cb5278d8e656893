from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.observe.access.reading import read_access
from maild.observe.access.settings import Access, AccessError, ClientAuth, Pem, RateLimit, TlsSettings, TlsVersion

HASH = "$2y$10$" + "a" * 53

EVERYTHING = f"""
tls_server_config:
  cert_file: server.crt
  key: |
    secret key
  client_ca_file: ca.crt
  client_auth_type: RequireAndVerifyClientCert
  client_allowed_sans: [prometheus.example]
  min_version: TLS12
  max_version: TLS12
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256]
  prefer_server_cipher_suites: false
  curve_preferences: [CurveP256]
http_server_config:
  http2: true
  headers: {{Strict-Transport-Security: max-age=3600, X-Frame-Options: deny, X-XSS-Protection: ""}}
basic_auth_users: {{alice: "{HASH}"}}
rate_limit: {{interval: 500ms, burst: 20}}
"""


def test_every_key_of_the_format_becomes_a_value() -> None:
    access = read_access("web.yml", EVERYTHING.encode())

    assert access == Access(
        tls=TlsSettings(
            cert=Pem(file="server.crt"),
            key=Pem(text="secret key\n"),
            client_auth=ClientAuth.REQUIRED,
            client_ca=Pem(file="ca.crt"),
            allowed_sans=("prometheus.example",),
            min_version=TlsVersion.TLS12,
            max_version=TlsVersion.TLS12,
            ciphers=("ECDHE-RSA-AES128-GCM-SHA256",),
            is_servers_choice=False,
            curve="prime256v1",
        ),
        users={"alice": HASH},
        headers={"Strict-Transport-Security": "max-age=3600", "X-Frame-Options": "deny"},
        rate_limit=RateLimit(interval_s=0.5, burst=20),
    )
    assert access.files == ("server.crt", "ca.crt")
    assert "secret" not in repr(access)
    assert HASH not in repr(access)


def test_a_file_that_says_nothing_lets_everybody_in() -> None:
    for text in ("", "{}", "rate_limit: {interval: 0s, burst: 3}", "tls_server_config:", "http_server_config: {}"):
        assert read_access("web.yml", text.encode()) == Access()
    assert Access().files == ()


def test_a_rate_without_a_burst_lets_one_in_at_a_time() -> None:
    access = read_access("web.yml", b"rate_limit: {interval: 1s}")

    assert access.rate_limit == RateLimit(interval_s=1.0, burst=1)


def problems(text: str) -> list[str]:
    with pytest.raises(AccessError) as caught:
        read_access("web.yml", text.encode())
    assert caught.value.exit_status == 78
    return str(caught.value).splitlines()


TLS = "tls_server_config: {cert_file: a, key_file: b, "

MISTAKES = {
    "basic_auth_user: {a: b}": "there is no key 'basic_auth_user' here; there are: tls_server_config",
    "basic_auth_users: {a: hunter2}": "no bcrypt hash; make one with `htpasswd -nBC 10 NAME`",
    "basic_auth_users: [a]": "basic_auth_users holds keys with values",
    "- a": "the file holds keys with values",
    f"basic_auth_users: {{a: '{HASH.replace('10', '31')}'}}": "the cost of a bcrypt hash is 4 to 16 here",
    f"basic_auth_users: {{'a:b': '{HASH}'}}": "a user's name has no colon",
    "tls_server_config: {cert_file: a}": "TLS needs a certificate and its key",
    TLS + "cert: c}": "write cert or cert_file, not both",
    TLS + "client_auth_type: RequireAnyClientCert}": "this takes any certificate and proves nothing",
    TLS + "client_auth_type: Sometimes}": "client_auth_type is one of NoClientCert, VerifyClientCertIfGiven, Require",
    TLS + "client_auth_type: RequireAndVerifyClientCert}": "to verify clients it takes client_ca_file",
    TLS + "client_ca_file: c}": "with client_ca_file stands client_auth_type: RequireAndVerifyClientCert",
    TLS + "client_ca_file: c, client_auth_type: VerifyClientCertIfGiven, client_allowed_sans: [d]}": (
        "client_allowed_sans needs client_auth_type: RequireAndVerifyClientCert"
    ),
    TLS + "min_version: TLS13, max_version: TLS12}": "max_version is below min_version",
    TLS + "min_version: 1.2}": "min_version is a text: put it between quotes",
    TLS + "cipher_suites: [NULL-MD5]}": "'NULL-MD5' is no cipher suite that is known here",
    TLS + "cipher_suites: NULL-MD5}": "cipher_suites is a list of texts",
    TLS
    + "curve_preferences: [X25519, CurveP256]}": "one of CurveP256, CurveP384, CurveP521, X25519 can be chosen here",
    TLS + "prefer_server_cipher_suites: 1}": "prefer_server_cipher_suites is true or false",
    "http_server_config: {headers: {Server: me}}": "the header Server cannot be set",
    "http_server_config: {headers: {X-Frame-Options: 1}}": "X-Frame-Options is a text: put it between quotes",
    "http_server_config: {headers: {X-Frame-Options: 'no'}}": "X-Frame-Options is deny or sameorigin",
    'http_server_config: {headers: {X-XSS-Protection: "a\\nb"}}': "X-XSS-Protection is one line of visible characters",
    "rate_limit: {interval: soon}": "interval is a duration such as 1s",
    "rate_limit: {interval: 1s, burst: -1}": "burst is a whole number",
}


def test_each_mistake_is_told_at_its_line() -> None:
    for text, words in MISTAKES.items():
        (told, *_) = problems(text)
        assert told.startswith("web.yml:1: "), text
        assert words in told, text
    assert "hunter2" not in problems("basic_auth_users: {a: hunter2}")[0]


def test_what_is_no_yaml_is_told_with_its_line_if_it_has_one() -> None:
    assert problems("a: b\nc: [")[0].startswith("web.yml: this is no YAML that can be read (see line ")
    assert problems("a" * 3_000_000) == [
        "web.yml: this is no YAML that can be read; `maild check` is stricter than Prometheus"
    ]


@given(st.text(max_size=60))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with suppress(AccessError):
        read_access("web.yml", text.encode("utf-8", "surrogatepass"))

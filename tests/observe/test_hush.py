from base64 import b64encode

from hypothesis import given
from hypothesis import strategies as st

from maild.config.model import LogLevel
from maild.observe.hush import HIDDEN, Hush
from maild.observe.lines.line import line
from maild.secret import Secret

PASSWORD = "p@ss word/42"


def hushed(text: str, account: str | None = "billing") -> object:
    hush = Hush()
    hush.learn("billing", Secret(PASSWORD))
    hush.learn("shop", Secret("another secret"))
    return hush.line(line(LogLevel.INFO, "attempt_finished", account=account, answer=text, size=4)).fields["answer"]


def test_what_an_account_logs_in_with_is_in_no_line_about_it() -> None:
    encoded = b64encode(PASSWORD.encode()).decode()
    for form in (PASSWORD, encoded, encoded.rstrip("="), "p%40ss%20word%2F42"):
        assert hushed(f"535 you said {form}!") in {f"535 you said {HIDDEN}!", f"535 you said {HIDDEN}=!"}, form
    assert hushed("535 another secret") == "535 another secret", "of another account, and not looked for"
    assert hushed("535 another secret", account=None) == f"535 {HIDDEN}", "a line about none may be about any"


def test_what_carries_passwords_or_looks_like_a_key_is_hidden_whosoever_it_is() -> None:
    plain = b64encode(b"\0user\0hunter2").decode()
    for text, shown in {
        f"unexpected AUTH PLAIN {plain} here": f"unexpected AUTH PLAIN {HIDDEN} here",
        "header Authorization: Bearer ya29.abc-DEF": f"header Authorization: Bearer {HIDDEN}",
        "GET https://u:hunter2@h.example/x": f"GET https://u:{HIDDEN}@h.example/x",
        "form password=hunter2&x=1": f"form password={HIDDEN}&x=1",
        "key xkeysib-0123456789abcdef0123456789abcdef": f"key {HIDDEN}",
        "key GOCSPX-abcdefghijklmnopqrstuvwxyz12": f"key {HIDDEN}",
        f"key ya29.{'aB3' * 12}": f"key {HIDDEN}",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY----- after": f"{HIDDEN} after",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA": HIDDEN,
    }.items():
        assert hushed(text) == shown


def test_words_without_secrets_stay_as_they_are() -> None:
    hush = Hush()
    hush.learn("billing", Secret("short"))
    for text in (
        "535 the password is wrong",
        "short",
        "see https://example.com/a:b",
        "250 AUTH PLAIN LOGIN XOAUTH2 SCRAM-SHA-256",
        "550 5.7.30 Basic authentication is not supported for Client Submission",
    ):
        shown = line(LogLevel.INFO, "x", account="billing", answer=text)
        assert hush.line(shown) is shown, text


def test_names_of_ours_and_forgotten_secrets_are_not_looked_for() -> None:
    hush = Hush()
    hush.learn("billing", Secret(PASSWORD))
    named = line(LogLevel.INFO, "x", account="billing", drop=PASSWORD)
    assert hush.line(named) is named

    hush.keep({"shop"})
    told = line(LogLevel.INFO, "x", account="billing", answer=PASSWORD)
    assert hush.line(told) is told


@given(st.text(min_size=8, max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_planted_secret_is_left(secret: str, before: str, after: str) -> None:
    hush = Hush()
    hush.learn("a", Secret(secret))

    shown = hush.line(line(LogLevel.INFO, "x", account="a", answer=f"{before}{secret}{after}")).fields["answer"]

    assert isinstance(shown, str)
    assert secret not in shown or secret in f"{before}{HIDDEN}{after}"

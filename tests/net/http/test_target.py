import pytest

from maild.net.http.target import Target, is_loopback_host
from maild.net.step import NetError, Reason
from tests.rows import each_row


@each_row(
    ("url", "target"),
    [
        ("https://mail.example/send", Target(host="mail.example", port=443, is_encrypted=True)),
        ("https://mail.example:8443", Target(host="mail.example", port=8443, is_encrypted=True)),
        ("http://127.0.0.1:8080/x", Target(host="127.0.0.1", port=8080, is_encrypted=False)),
        ("http://localhost/", Target(host="localhost", port=80, is_encrypted=False)),
        ("http://[::1]:81/", Target(host="::1", port=81, is_encrypted=False)),
    ],
)
def test_a_target_is_https_or_this_machine(url: str, target: Target) -> None:
    assert Target.of(url) == target


@pytest.mark.parametrize("url", ["http://mail.example/", "http://192.0.2.1/", "http://127.0.0.1.example/"])
def test_plain_http_goes_nowhere_else(url: str) -> None:
    with pytest.raises(NetError) as caught:
        Target.of(url)

    assert caught.value.reason is Reason.CLEARTEXT


@each_row("url", ["", "mail.example", "ftp://mail.example/", "https://", "https://a:99999/", "https://["])
def test_what_is_no_url_is_said_to_be_none(url: str) -> None:
    with pytest.raises(NetError) as caught:
        Target.of(url)

    assert (caught.value.reason, caught.value.detail) == (Reason.LOCAL, "the URL is not of the form https://host/path")


def test_loopback_is_known_by_name_and_number() -> None:
    assert all(map(is_loopback_host, ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST.", "a.localhost"]))
    assert not any(map(is_loopback_host, ["10.0.0.1", "localhost.example", "mylocalhost", ""]))

from datetime import timedelta
from pathlib import PurePath

import pytest

from maild.config.fault import (
    DependentKeyMissing,
    Fault,
    InvalidChoice,
    InvalidDuration,
    InvalidSize,
    InvalidText,
    OutOfRange,
    Pointer,
)
from maild.config.load import load_account
from maild.config.model import Account, HttpSettings, HttpTls, SmtpSettings, TlsVersion
from maild.config.pin import Pin, PinKind
from maild.config.proxy import Proxy, ProxyKind

PIN = "00" * 32
NO_PIN = "it is no SHA-256 fingerprint, neither 64 hexadecimal digits nor 44 characters of base64"


HTTP_BY_SOCKS = "protocol: http\nhttp: {url: x.example, proxy: socks5://p.example.com:1080}\nreply_to: a@b.example\n"


def smtp(keys: str, more: str = "") -> str:
    return f"protocol: smtp\nsmtp: {{host: x, {keys}}}\nemail: a@example.com\n{more}"


def account_of(text: str) -> Account:
    loaded = load_account("x.yaml", text.encode())
    assert loaded.faults == ()
    assert loaded.account is not None
    return loaded.account


def settings_of(keys: str) -> SmtpSettings:
    transport = account_of(smtp(keys)).transport
    assert isinstance(transport, SmtpSettings)
    return transport


def test_a_proxy_is_read_with_its_kind() -> None:
    assert settings_of("proxy: socks5://p.example.com:1080").proxy == Proxy(
        kind=ProxyKind.SOCKS5, host="p.example.com", port=1080
    )


@pytest.mark.parametrize("written", ["1.3", "'1.3'"])
def test_the_oldest_version_of_tls_may_be_written_as_a_number_or_as_text(written: str) -> None:
    assert settings_of(f"tls: {{min_version: {written}}}").tls.min_version is TlsVersion.TLS_1_3


def test_pins_are_one_or_several_and_the_same_one_counts_once() -> None:
    pin = Pin(kind=PinKind.CERTIFICATE, digest=bytes(32))

    assert settings_of(f"tls: {{pin_sha256: '{PIN}'}}").tls.pins == (pin,)
    assert settings_of(f"tls: {{pin_sha256: ['{PIN}', '{PIN}']}}").tls.pins == (pin,)
    assert settings_of("tls: {}").tls.pins == ()


def test_a_client_certificate_is_two_files() -> None:
    tls = settings_of("tls: {cert_file: c.pem, key_file: c.key}").tls

    assert (tls.cert_file, tls.key_file) == (PurePath("c.pem"), PurePath("c.key"))


def test_an_account_says_how_long_its_server_may_take() -> None:
    keys = "url: https://x.example, timeout: 2m, tls: {verify: false, ca_file: ca.pem}"
    http = f"protocol: http\nhttp: {{{keys}}}\nreply_to: a@example.com\n"

    assert settings_of("timeout: 30s").timeout == timedelta(seconds=30)
    assert account_of(http).transport == HttpSettings(
        url="https://x.example",
        timeout=timedelta(minutes=2),
        tls=HttpTls(verify=False, ca_file=PurePath("ca.pem")),
    )


def test_an_account_can_be_switched_off_and_is_on_otherwise() -> None:
    assert account_of(smtp("port: 465")).is_enabled
    assert not account_of(smtp("port: 465", "enabled: false\n")).is_enabled


def test_the_largest_message_is_a_limit() -> None:
    assert account_of(smtp("port: 465", "limits: {max_size: 25MB}\n")).limits.max_bytes == 25_000_000


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            smtp("tls: {min_version: 1.0}"),
            InvalidChoice(pointer=Pointer("/smtp/tls/min_version"), found="1.0", allowed=("1.2", "1.3")),
        ),
        (smtp("tls: {pin_sha256: abc}"), InvalidText(pointer=Pointer("/smtp/tls/pin_sha256"), problem=NO_PIN)),
        (
            smtp(f"tls: {{pin_sha256: ['{PIN}', abc]}}"),
            InvalidText(pointer=Pointer("/smtp/tls/pin_sha256/1"), problem=NO_PIN),
        ),
        (
            smtp("tls: {cert_file: c.pem}"),
            DependentKeyMissing(pointer=Pointer("/smtp/tls/cert_file"), key="cert_file", needs="key_file"),
        ),
        (
            smtp("timeout: 0s"),
            OutOfRange(pointer=Pointer("/smtp/timeout"), found="0s", minimum="1s", maximum="1h"),
        ),
        (smtp("timeout: 30"), InvalidDuration(pointer=Pointer("/smtp/timeout"), found="30")),
        (
            smtp("proxy: proxy.example.com:1080"),
            InvalidText(pointer=Pointer("/smtp/proxy"), problem="write socks5://host:port or http://host:port"),
        ),
        (
            HTTP_BY_SOCKS,
            InvalidText(
                pointer=Pointer("/http/proxy"),
                problem="an account that sends by HTTP goes through an http:// proxy; socks5:// is for SMTP",
            ),
        ),
        (
            smtp("port: 465", "limits: {max_size: 25 MB}\n"),
            InvalidSize(pointer=Pointer("/limits/max_size"), found="25 MB"),
        ),
    ],
)
def test_a_mistake_in_them_is_one_fault(text: str, fault: Fault) -> None:
    assert load_account("x.yaml", text.encode()).faults == (fault,)

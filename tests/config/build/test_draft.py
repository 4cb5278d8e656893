from datetime import timedelta
from pathlib import PurePath

import pytest

from maild.config.dns_settings import AccountDns
from maild.config.fault import (
    DependentKeyMissing,
    Fault,
    InvalidChoice,
    InvalidDuration,
    InvalidSize,
    InvalidText,
    LiteralSecret,
    MissingKey,
    MutuallyExclusive,
    OutOfRange,
    Pointer,
)
from maild.config.load import load_account
from maild.config.model import Account, HttpSettings, HttpTls, SmtpSettings, TlsVersion
from maild.config.pin import Pin, PinKind
from maild.config.proxy import Proxy, ProxyKind, ProxyLogin
from maild.secret import FileRef
from tests.rows import each_row

PIN = "00" * 32
NO_PIN = "it is no SHA-256 fingerprint, neither 64 hexadecimal digits nor 44 characters of base64"


BY_PROXY = "proxy: socks5://p.example.com:1080"
HTTP_BY_SOCKS = (
    "protocol: http\nhttp: {url: x.example, proxy: socks5://p.example.com:1080, "
    "proxy_login: {username: shop, password: {file: proxy.password}}}\nreply_to: a@b.example\n"
)


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


def test_a_proxy_s_login_is_read_with_a_reference_to_its_password() -> None:
    transport = account_of(HTTP_BY_SOCKS).transport

    assert transport.proxy is not None
    assert transport.proxy == Proxy(
        kind=ProxyKind.SOCKS5,
        host="p.example.com",
        port=1080,
        login=ProxyLogin(username="shop", password=FileRef(path=PurePath("proxy.password"))),
    )
    assert transport.proxy.at(PurePath("/etc/maild")).login == transport.proxy.login


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
    more = f"min_version: 1.3, pin_sha256: '{PIN}', cert_file: c.pem, key_file: c.key"
    keys = f"url: https://x.example, timeout: 2m, tls: {{verify: false, ca_file: ca.pem, {more}}}"
    http = f"protocol: http\nhttp: {{{keys}}}\nreply_to: a@example.com\n"

    assert settings_of("timeout: 30s").timeout == timedelta(seconds=30)
    assert account_of(http).transport == HttpSettings(
        url="https://x.example",
        timeout=timedelta(minutes=2),
        tls=HttpTls(
            verify=False,
            ca_file=PurePath("ca.pem"),
            min_version=TlsVersion.TLS_1_3,
            pins=(Pin(kind=PinKind.CERTIFICATE, digest=bytes(32)),),
            cert_file=PurePath("c.pem"),
            key_file=PurePath("c.key"),
        ),
    )


def test_an_account_can_be_switched_off_and_is_on_otherwise() -> None:
    assert account_of(smtp("port: 465")).is_enabled
    assert not account_of(smtp("port: 465", "enabled: false\n")).is_enabled


def test_the_largest_message_is_a_limit() -> None:
    assert account_of(smtp("port: 465", "limits: {max_size: 25MB}\n")).limits.max_bytes == 25_000_000
    text = smtp("port: 465", "dns: {dkim_selectors: [s1], sends_from: ['2001:DB8::0']}\n")
    assert account_of(text).dns == AccountDns(dkim_selectors=("s1",), sends_from=("2001:db8::",))


@each_row(
    ("text", "fault"),
    [
        (
            smtp("tls: {min_version: 1.0}"),
            InvalidChoice(pointer=Pointer("/smtp/tls/min_version"), found="1.0", allowed=("1.2", "1.3")),
        ),
        (smtp("tls: {pin_sha256: abc}"), InvalidText(pointer=Pointer("/smtp/tls/pin_sha256"), problem=NO_PIN)),
        (
            "protocol: http\nhttp: {url: https://x.example, tls: {pin_sha256: abc}}\nreply_to: a@example.com\n",
            InvalidText(pointer=Pointer("/http/tls/pin_sha256"), problem=NO_PIN),
        ),
        (
            f"protocol: http\nhttp: {{url: http://localhost, tls: {{pin_sha256: '{PIN}'}}}}\nreply_to: a@example.com\n",
            MutuallyExclusive(pointer=Pointer("/http"), keys=("url", "tls/pin_sha256")),
        ),
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
            smtp("proxy_login: {username: shop, password: {env: PROXY}}"),
            DependentKeyMissing(pointer=Pointer("/smtp/proxy_login"), key="proxy_login", needs="proxy"),
        ),
        (
            smtp(f"{BY_PROXY}, proxy_login: {{username: shop}}"),
            MissingKey(pointer=Pointer("/smtp/proxy_login"), key="password"),
        ),
        (
            smtp(f"{BY_PROXY}, proxy_login: {{username: shop, password: {{}}}}"),
            MissingKey(pointer=Pointer("/smtp/proxy_login/password"), key="file"),
        ),
        (
            smtp(f"{BY_PROXY}, proxy_login: {{username: shop, password: {{env: A, file: b}}}}"),
            MutuallyExclusive(pointer=Pointer("/smtp/proxy_login/password"), keys=("env", "file")),
        ),
        *(
            (
                smtp(f"{BY_PROXY}, proxy_login: {{username: shop, password: {written}}}"),
                LiteralSecret(pointer=Pointer("/smtp/proxy_login/password")),
            )
            for written in ("hunter2", "{hunter2}", "[hunter2]", "123")
        ),
        (
            smtp("port: 465", "dns: {sends_from: [mail.shop.example]}\n"),
            InvalidText(
                pointer=Pointer("/dns/sends_from/0"),
                problem="write the IP address from which your server sends, such as 192.0.2.10 or 2001:db8::10",
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

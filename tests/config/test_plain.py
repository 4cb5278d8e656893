from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath

from hypothesis import given
from hypothesis import strategies as st

from maild.config.duration import parse_duration
from maild.config.model import SmtpSettings, Tls, TlsMode
from maild.config.plain import flatten, format_duration, plain_text
from maild.config.proxy import Proxy, ProxyKind, ProxyLogin
from maild.secret import CommandRef
from tests.rows import each_row


@each_row(
    ("value", "key", "expected"),
    [
        (None, "", None),
        ((), "", None),
        (True, "", "true"),
        (587, "port", "587"),
        (25_000_000, "max_size", "25MB"),
        ((timedelta(minutes=1), timedelta(minutes=90)), "retry", "1m, 90m"),
        ("https://a.example/x", "url", "https://a.example/x"),
        ("https://a.example/x?key=canary", "url", "https://a.example/x?••••"),
    ],
)
def test_values_are_shown_as_a_file_would_have_them(value: object, key: str, expected: str | None) -> None:
    assert plain_text(value, key) == expected


@each_row(
    ("duration", "expected"),
    [
        (timedelta(days=5), "5d"),
        (timedelta(minutes=90), "90m"),
        (timedelta(milliseconds=300), "300ms"),
        (timedelta(0), "0s"),
        (timedelta(microseconds=1500), "0.0015s"),
    ],
)
def test_a_duration_has_its_largest_unit_without_a_rest(duration: timedelta, expected: str) -> None:
    assert format_duration(duration) == expected


@given(
    st.one_of(
        st.integers(0, 365 * 86400).map(lambda seconds: timedelta(seconds=seconds)),
        st.integers(0, 10**7).map(lambda us: timedelta(microseconds=us)),
    )
)
def test_a_duration_is_read_as_it_was_written(duration: timedelta) -> None:
    assert parse_duration(format_duration(duration)) == duration


def test_a_proxy_is_one_text_and_its_login_beside_it_without_what_a_command_is_told() -> None:
    login = ProxyLogin(
        username="maild", password=CommandRef(argv=("pass", "tok-123")), folder=PurePath("/etc/maild/accounts")
    )
    proxy = Proxy(kind=ProxyKind.SOCKS5, host="p.example", port=1080, login=login)
    smtp = SmtpSettings(host="mail.example", port=465, tls=Tls(mode=TlsMode.IMPLICIT), proxy=proxy)
    bare = replace(smtp, proxy=replace(proxy, login=None))

    found, alone = (
        {key: plain_text(value, key) for key, value in flatten(one, "smtp.") if "proxy" in key} for one in (smtp, bare)
    )

    assert alone == {"smtp.proxy": "socks5://p.example:1080"}
    assert found == {
        "smtp.proxy": "socks5://p.example:1080",
        "smtp.proxy_login.username": "maild",
        "smtp.proxy_login.password": "command pass",
    }

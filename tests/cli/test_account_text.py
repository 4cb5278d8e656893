from maild.cli.account_settings import HIDDEN, Setting
from maild.cli.account_text import Summary, settings_lines, summary_object, table_lines
from maild.config.load import load_account
from maild.diagnostics import Diagnostic, Severity
from maild.secret import Secret


def summary(text: str, *found: Diagnostic, masked: str | None = None) -> Summary:
    return Summary.of(load_account("shop.yaml", text.encode()), found, text if masked is None else masked)


def finding(severity: Severity) -> Diagnostic:
    return Diagnostic(code="ML301", name="port-25-submission", severity=severity, message="Port 25.")


def test_errors_and_warnings_are_counted_and_hints_are_not() -> None:
    found = [finding(Severity.ERROR), finding(Severity.WARNING), finding(Severity.WARNING), finding(Severity.INFO)]

    assert list(table_lines([summary("", *found)]))[1].endswith("  1 error, 2 warnings")


def test_a_file_with_errors_is_listed_as_far_as_it_is_understood() -> None:
    text = "protocol: smtp\nsmtp: {host: '::1', port: 2525}\nusername: shop\nemail: shop@shop.example\nport: 1\n"
    found = summary(text)

    assert (found.server, found.sender, found.password) == ("[::1]:2525", "shop@shop.example", None)


def test_an_account_that_is_switched_off_is_said_to_be() -> None:
    off = summary("protocol: smtp\nsmtp: {host: localhost}\nemail: a@b.example\nenabled: false\n")

    assert list(table_lines([off]))[1].endswith("  switched off")
    assert summary_object(off)["enabled"] is False


def test_a_url_that_is_none_is_no_server() -> None:
    assert summary("protocol: http\nhttp: {url: 'ftp://x'}\n").server is None
    assert summary("protocol: http\nreply_to: a@b.example\n").server is None


def test_a_login_that_is_no_address_is_no_sender() -> None:
    assert summary("protocol: smtp\nsmtp: {host: mail.example}\nusername: shop\npassword: {env: X}\n").sender is None


def test_what_the_report_hides_is_hidden() -> None:
    text = "protocol: smtp\nsmtp: {host: mail.example}\nusername: tok@shop.example\npassword: {env: X}\n"

    assert summary(text, masked=text.replace("tok@shop.example", "••••")).sender == HIDDEN


def test_columns_stand_under_each_other_whatever_is_in_them() -> None:
    wide = Summary(
        name="会計", file="x", protocol="smtp", server="a:1", sender="b\x1b@c", password=None, errors=0, warnings=0
    )

    assert list(table_lines([wide])) == [
        "NAME  PROTOCOL  SERVER  SENDER  PASSWORD  FILE",
        "会計  smtp      a:1     b\ufffd@c    -         ok",
    ]


def test_a_setting_says_what_it_is_and_where_it_comes_from() -> None:
    settings = [
        Setting(key="a", value=False),
        Setting(key="bb", value=7, origin="default"),
        Setting(key="password", value="file p"),
    ]

    assert list(settings_lines(settings)) == ["a         false", "bb        7 (default)", "password  file p"]
    assert list(settings_lines(settings, Secret("s\x1b3")))[2] == "password  s\ufffd3 (file p)"

from datetime import timedelta
from pathlib import PurePath

import pytest

from maild.config.delivery_settings import DeliverySettings, OnUncertain
from maild.config.fault import (
    Fault,
    InvalidChoice,
    InvalidDuration,
    InvalidEmail,
    InvalidSize,
    InvalidText,
    MissingKey,
    OutOfRange,
    Pointer,
    UnknownKey,
    WrongType,
)
from maild.config.intake_settings import IntakeSettings
from maild.config.lint import LintPath, LintSettings
from maild.config.load import load_site
from maild.config.model import DnsSettings, LogFormat, LogLevel, LogSettings, Privacy, Site
from maild.config.probe_settings import ControlTarget, OnDowngrade, ProbeSettings, RoundTripSettings
from maild.config.reload_settings import ReloadSettings
from maild.config.report_settings import ReportSettings, ReportTo
from maild.config.route import Match, Route
from maild.config.web_settings import WebSettings
from maild.mail.address import Mailbox
from tests.rows import each_row

EVERYTHING = """\
version: 1
spool: {path: spool}
web:
  listen: ["[::1]:9725", unix:/run/web.sock]
  config_file: web.yml
  hosts: [Mail.Example.com]
  actions: {token_file: token}
default_account: billing
routes:
  - match: {from: "*@Shop.example", to: "*@*.example", header: {X-Class: Bulk}}
    accounts: [{account: shop, weight: 3}, billing]
  - {match: {}, accounts: [billing]}
local_mail: admin@shop.example
intake: {max_size: 25MB, per_user: {messages_per_hour: 100, size_per_hour: 1GB}}
reports: {to: postmaster@shop.example, maildir: reports, per_hour: 5, delay_after: 0s}
delivery: {retry: [10s, 1m], lifetime: 2d, on_uncertain: hold}
probe: {interval: 1m, auth_interval: 1d, timeout: 30s, on_downgrade: hold,
  control: [mx.example.net, "[::1]:25", 127.0.0.1:2525],
  round_trip: {to: test@example.net, arrives_in: "imaps://test%40example.net@imap.example.net", password_file: pw,
    interval: 1h, within: 5m, accounts: [billing]}}
dns: {resolvers: [192.0.2.53, "[2001:db8::53]:5353"], blocklists: []}
reload: {settle: 1s, rescan: 10s, canary: true}
lint:
  severity: {ML301: error}
  ignore: [ML302]
  paths: [{match: "test-*.yaml", severity: {ML302: info}, ignore: [ML301]}]
log: {format: json, level: debug, privacy: full}
"""


HOST_WORDS = "write a host name without scheme and port, such as mail.example.com"


def faults_of(text: str) -> list[Fault]:
    return list(load_site("maild.yaml", text.encode()).faults)


def invalid(pointer: str, problem: str) -> InvalidText:
    return InvalidText(pointer=Pointer(pointer), problem=problem)


def test_every_key_becomes_a_value() -> None:
    assert load_site("maild.yaml", EVERYTHING.encode()).site == Site(
        spool=PurePath("spool"),
        web=WebSettings(
            listen=("[::1]:9725", "unix:/run/web.sock"),
            config_file=PurePath("web.yml"),
            hosts=("mail.example.com",),
            token_file=PurePath("token"),
        ),
        default_account="billing",
        routes=(
            Route(
                match=Match(sender="*@shop.example", recipient="*@*.example", headers={"x-class": "bulk"}),
                accounts=("shop", "billing"),
                weights={"shop": 3},
            ),
            Route(match=Match(), accounts=("billing",)),
        ),
        local_mail=Mailbox("admin", "shop.example"),
        intake=IntakeSettings(max_bytes=25_000_000, user_messages_per_hour=100, user_bytes_per_hour=10**9),
        reports=ReportSettings(
            to=Mailbox("postmaster", "shop.example"),
            maildir=PurePath("reports"),
            per_hour=5,
            delay_after=timedelta(0),
        ),
        delivery=DeliverySettings(
            retry=(timedelta(seconds=10), timedelta(minutes=1)),
            lifetime=timedelta(days=2),
            on_uncertain=OnUncertain.HOLD,
        ),
        probe=ProbeSettings(
            interval=timedelta(minutes=1),
            auth_interval=timedelta(days=1),
            timeout=timedelta(seconds=30),
            on_downgrade=OnDowngrade.HOLD,
            control=(
                ControlTarget(host="mx.example.net"),
                ControlTarget(host="[::1]", port=25),
                ControlTarget(host="127.0.0.1", port=2525),
            ),
            round_trip=RoundTripSettings(
                to=Mailbox("test", "example.net"),
                arrives_in="imaps://test%40example.net@imap.example.net",
                password_file=PurePath("pw"),
                interval=timedelta(hours=1),
                within=timedelta(minutes=5),
                accounts=("billing",),
            ),
        ),
        dns=DnsSettings(resolvers=("192.0.2.53", "[2001:db8::53]:5353"), blocklists=()),
        reload=ReloadSettings(settle=timedelta(seconds=1), rescan=timedelta(seconds=10), canary=True),
        lint=LintSettings(
            severity={"ML301": "error"},
            ignore=("ML302",),
            paths=(LintPath(match="test-*.yaml", severity={"ML302": "info"}, ignore=("ML301",)),),
        ),
        log=LogSettings(format=LogFormat.JSON, level=LogLevel.DEBUG, privacy=Privacy.FULL),
    )


@each_row("text", ["", "{}", "version: 1", "# nothing\n"])
def test_a_file_that_says_nothing_has_all_defaults(text: str) -> None:
    assert load_site("maild.yaml", text.encode()).site == Site()


@pytest.mark.parametrize(
    ("written", "listen"), [("127.0.0.1:80", ("127.0.0.1:80",)), ("[]", ()), ("[localhost:1]", ("localhost:1",))]
)
def test_the_web_server_listens_at_one_address_or_several_or_none(written: str, listen: tuple[str, ...]) -> None:
    site = load_site("maild.yaml", f"web: {{listen: {written}}}\n".encode()).site

    assert site is not None
    assert site.web.listen == listen


@each_row(
    ("text", "fault"),
    [
        ("[]", WrongType(pointer=Pointer(""), expected=("a mapping",), found="a list")),
        (
            "probe: {on_downgrade: fail}",
            InvalidChoice(pointer=Pointer("/probe/on_downgrade"), found="fail", allowed=("warn", "hold")),
        ),
        (
            "web: {config: web.yml}",
            UnknownKey(
                pointer=Pointer("/web/config"),
                key="config",
                allowed=("listen", "config_file", "hosts", "actions"),
            ),
        ),
        (
            "routes: [{match: {frm: x}, accounts: [a]}]",
            UnknownKey(pointer=Pointer("/routes/0/match/frm"), key="frm", allowed=("from", "to", "header")),
        ),
        ("web: {hosts: ['https://a']}", invalid("/web/hosts/0", HOST_WORDS)),
        ("routes: [{match: {}}]", MissingKey(pointer=Pointer("/routes/0"), key="accounts")),
        ("delivery: {lifetime: 5 days}", InvalidDuration(pointer=Pointer("/delivery/lifetime"), found="5 days")),
        ("delivery: {lifetime: 300}", InvalidDuration(pointer=Pointer("/delivery/lifetime"), found="300")),
        (
            "delivery: {lifetime: [1d]}",
            WrongType(pointer=Pointer("/delivery/lifetime"), expected=("text",), found="a list"),
        ),
        ("delivery: {retry: [1m, 1x]}", InvalidDuration(pointer=Pointer("/delivery/retry/1"), found="1x")),
        (
            "delivery: {retry: [8d]}",
            OutOfRange(pointer=Pointer("/delivery/retry/0"), found="8d", minimum="10ms", maximum="7d"),
        ),
        (
            "delivery: {retry: []}",
            OutOfRange(pointer=Pointer("/delivery/retry"), found="0 entries", minimum="1 entry", maximum="50 entries"),
        ),
        (
            "log: {level: loud}",
            InvalidChoice(pointer=Pointer("/log/level"), found="loud", allowed=("debug", "info", "warning", "error")),
        ),
        (
            "web: {listen: '9725'}",
            invalid("/web/listen", "write host:port, such as 127.0.0.1:9725, or unix:/run/maild/web.sock"),
        ),
        (
            "web: {listen: ['127.0.0.1:1', 'x_y:1']}",
            invalid("/web/listen/1", "what stands before the port is no host name and no IP address"),
        ),
        (
            "dns: {resolvers: [dns.example]}",
            invalid(
                "/dns/resolvers/0", "write the IP address of a name server, such as 192.0.2.53 or [2001:db8::53]:53"
            ),
        ),
        (
            "lint: {severity: {port 25: error}}",
            invalid("/lint/severity/port 25", "a rule has a code such as ML301, and a name such as port-25-submission"),
        ),
        (
            "lint: {severity: {ML301: bad}}",
            InvalidChoice(pointer=Pointer("/lint/severity/ML301"), found="bad", allowed=("error", "warning", "info")),
        ),
        (
            "lint: {paths: [{match: ./}]}",
            invalid("/lint/paths/0/match", "a pattern for files names something, such as `accounts/test-*.yaml`"),
        ),
        (
            "lint: {ignore: [301]}",
            WrongType(pointer=Pointer("/lint/ignore/0"), expected=("text",), found="a whole number"),
        ),
        (
            "routes: [{match: {header: {'X Y': a}}, accounts: [a]}]",
            invalid(
                "/routes/0/match/header/X Y",
                "the name of a header field has no blanks, no colon and only ASCII characters",
            ),
        ),
        ("spool:", WrongType(pointer=Pointer("/spool"), expected=("a mapping",), found="nothing")),
    ],
)
def test_one_mistake_is_one_fault(text: str, fault: Fault) -> None:
    assert faults_of(text) == [fault]
    assert load_site("maild.yaml", text.encode()).site is None


def test_too_many_headers_in_a_match_are_refused() -> None:
    headers = ", ".join(f"X-{number}: a" for number in range(21))

    assert faults_of(f"routes: [{{match: {{header: {{{headers}}}}}, accounts: [a]}}]") == [
        OutOfRange(pointer=Pointer("/routes/0/match/header"), found="21 keys", minimum=None, maximum="20 keys")
    ]


@pytest.mark.parametrize(
    ("text", "to"), [("{}", ReportTo.SENDER), ("{to: nobody}", ReportTo.NOBODY), ("{to: sender}", ReportTo.SENDER)]
)
def test_reports_go_to_a_word_or_an_address(text: str, to: ReportTo) -> None:
    loaded = load_site("maild.yaml", f"reports: {text}".encode())

    assert loaded.site == Site(reports=ReportSettings(to=to))


@each_row(
    ("text", "fault"),
    [
        (
            "intake: {max_size: 2GB}",
            OutOfRange(pointer=Pointer("/intake/max_size"), found="2GB", minimum="1kB", maximum="1GB"),
        ),
        (
            "intake: {max_size: 25 MB}",
            InvalidSize(pointer=Pointer("/intake/max_size"), found="25 MB"),
        ),
        ("intake: {max_size: 25}", InvalidSize(pointer=Pointer("/intake/max_size"), found="25")),
        (
            "reports: {to: me}",
            InvalidEmail(pointer=Pointer("/reports/to"), found="me", problem='there is no "@" (character 3)'),
        ),
        (
            "reports: {per_hour: 0}",
            OutOfRange(pointer=Pointer("/reports/per_hour"), found="0", minimum="1", maximum="10000"),
        ),
    ],
)
def test_what_cannot_be_taken_in_or_reported_like_this_is_said(text: str, fault: Fault) -> None:
    assert faults_of(text) == [fault]

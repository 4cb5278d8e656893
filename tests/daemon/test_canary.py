from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath

from maild.config.delivery_settings import AccountDelivery
from maild.config.fault import Pointer
from maild.config.load import load_account
from maild.config.model import Account, Limits, ReplyToPolicy, SmtpSettings
from maild.daemon.canary import Candidate, concerns_canary, failing
from maild.diagnostics import Diagnostic, Location, Severity, Span
from maild.mail.address import Mailbox
from maild.probe.findings.login import LOGIN_REJECTED, MEMORY_LOST
from maild.probe.findings.server import SERVER_UNREACHABLE
from maild.probe.result import CheckResult, CheckVerdict, ProbeResult
from maild.secret import FileRef
from tests.daemon.test_reload import NOW
from tests.rows import each_row

TEXT = """\
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.com
password: {env: PASSWORD}
"""
HTTP = "protocol: http\nhttp: {url: https://mail.shop.net/send}\nreply_to: a@shop.net\n"


def candidate(text: str = TEXT, *, has_last_good: bool = True) -> Candidate:
    loaded = load_account("accounts/billing.yaml", text.encode())
    assert loaded.account is not None
    return Candidate(content="c", loaded=loaded, account=loaded.account, has_last_good=has_last_good)


ACCOUNT = candidate().account
SMTP = ACCOUNT.transport
assert isinstance(SMTP, SmtpSettings)


@each_row(
    "other",
    [
        replace(ACCOUNT, display_name="Shop"),
        replace(ACCOUNT, email=Mailbox("office", "example.com")),
        replace(ACCOUNT, reply_to=(Mailbox("office", "example.com"),), reply_to_policy=ReplyToPolicy.REPLACE),
        replace(ACCOUNT, copy_to=Mailbox("archive", "example.com")),
        replace(ACCOUNT, limits=Limits(connections=2)),
        replace(ACCOUNT, delivery=AccountDelivery(lifetime=timedelta(days=1))),
        replace(ACCOUNT, is_enabled=False),
    ],
)
def test_what_no_try_could_tell_takes_effect_at_once(other: Account) -> None:
    assert not concerns_canary(other, ACCOUNT)
    assert not concerns_canary(ACCOUNT, ACCOUNT)


@each_row(
    "other",
    [
        replace(ACCOUNT, transport=replace(SMTP, host="other.example.org")),
        replace(ACCOUNT, transport=replace(SMTP, port=587)),
        replace(ACCOUNT, transport=replace(SMTP, tls=replace(SMTP.tls, verify=False))),
        replace(ACCOUNT, username="office@example.com"),
        replace(ACCOUNT, password=FileRef(path=PurePath("password"))),
    ],
)
def test_what_a_try_can_tell_is_tried(other: Account) -> None:
    assert concerns_canary(other, ACCOUNT)


def test_a_new_account_is_tried_and_one_that_is_switched_on() -> None:
    assert concerns_canary(ACCOUNT, None)
    assert concerns_canary(ACCOUNT, replace(ACCOUNT, is_enabled=False))


def said(*found: Diagnostic, name: str = "smtp", summary: str = "no") -> ProbeResult:
    check = CheckResult(check=name, verdict=CheckVerdict.FAIL, summary=summary, diagnostics=found)
    mx = CheckResult(check="mx", verdict=CheckVerdict.FAIL, summary="nothing to do with it")
    return ProbeResult(account="billing", started_at=NOW, seconds=0.1, checks=(mx, check))


def test_a_failure_stands_at_the_line_to_blame_with_the_words_of_the_probe() -> None:
    where = Location(file="accounts/billing.yaml", span=Span(line=3, column=1, end_line=3, end_column=9))
    found = LOGIN_REJECTED.diagnostic("The login was refused.", help_="Check both.", location=where)

    failed = failing(candidate(), said(MEMORY_LOST.diagnostic("damaged"), found))

    assert (failed.content, failed.cause) == ("c", "ML726")
    assert failed.finding == Diagnostic(
        code="ML909",
        name="canary-failed",
        severity=Severity.ERROR,
        message="The changed account was tried and cannot send: The login was refused.",
        help="Check both. (maild explain ML726) The login is not repeated before that, unless by `maild probe billing "
        "--login`. The version before it stays in force.",
        location=where,
    )


def test_a_failure_that_no_line_is_to_blame_for_stands_at_the_server_s_name() -> None:
    found = SERVER_UNREACHABLE.diagnostic("No way there.", help_="Wait.")

    finding = failing(candidate(has_last_good=False), said(found)).finding

    assert finding.location == Location(
        file="accounts/billing.yaml",
        span=Span(line=2, column=8, end_line=2, end_column=12),
        pointer=Pointer("/smtp/host"),
    )
    assert finding.message == "The new account was tried and cannot send: No way there."
    assert finding.help == (
        "Wait. (maild explain ML720) It is tried again by itself, and at once by `systemctl reload maild`. Until then "
        "nothing is sent through it."
    )


def test_a_failure_without_a_finding_has_the_summary_at_the_url() -> None:
    finding = failing(candidate(HTTP), said(name="http", summary="it is not there")).finding

    assert finding.message == "The changed account was tried and cannot send: it is not there"
    assert finding.location is not None
    assert finding.location.pointer == "/http/url"
    assert finding.help == "The version before it stays in force."

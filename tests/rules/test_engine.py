from collections.abc import Iterator
from datetime import UTC, datetime
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.lint import LintPath, LintSettings
from maild.config.load import load_account, load_site
from maild.diagnostics import Diagnostic, Location, Severity, Span
from maild.diagnostics.render import Style
from maild.diagnostics.render.text import render_text
from maild.rules.catalogue import RULES, find_rule
from maild.rules.engine import check_files, check_subject, duplicate_file, unreadable_file
from maild.rules.finding import Finding, WholeFile
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from tests.rows import each_row
from tests.rules.examine import GOOD, NOW, codes, examine, load

PORT_25 = GOOD.replace("smtp.gmail.com, port: 465", "mail.baker.org, port: 25")
FIRST = Span(line=1, column=1, end_line=1, end_column=1)


def lint(*, severity: dict[str, str] | None = None, ignore: tuple[str, ...] = ()) -> LintSettings:
    return LintSettings(severity=MappingProxyType(severity or {}), ignore=ignore)


def test_a_clean_file_gives_a_clean_report() -> None:
    report = examine(GOOD)

    assert report.diagnostics == ()
    assert report.files_checked == 1
    assert report.sources == {"account.yaml": GOOD}


def test_a_finding_has_code_name_severity_position_and_pointer() -> None:
    (found,) = examine(PORT_25).diagnostics

    assert (found.code, found.name, found.severity) == ("ML301", "port-25-submission", Severity.WARNING)
    assert found.location == Location(
        file="account.yaml", span=Span(line=2, column=36, end_line=2, end_column=38), pointer="/smtp/port"
    )


def test_findings_are_sorted_by_file_and_position() -> None:
    files = [load(PORT_25, file="b.yaml"), load(GOOD.replace("smtp:", "smpt:") + "colour: x\n", file="a.yaml")]

    report = check_files(files, now=NOW, lint=LintSettings(), secrets=None)

    assert [(found.location.file, found.code) for found in report.diagnostics if found.location] == [
        ("a.yaml", "ML201"),
        ("a.yaml", "ML201"),
        ("b.yaml", "ML301"),
    ]
    assert report.files_checked == 2


def test_the_site_says_how_severe_a_finding_is() -> None:
    (found,) = examine(PORT_25, lint=lint(severity={"ML301": "error"})).diagnostics

    assert found.severity is Severity.ERROR


def test_the_site_says_what_is_not_reported() -> None:
    assert examine(PORT_25, lint=lint(ignore=("ML301",))).diagnostics == ()


def test_of_a_rule_that_can_be_weakened_a_finding_stays_without_which_nobody_knew_why_a_file_is_not_used() -> None:
    text = GOOD.replace("billing@inn.example", "billing")
    for settings_of_site in (lint(ignore=("ML404",)), lint(severity={"ML404": "info"})):
        (found,) = examine(text, lint=settings_of_site).diagnostics
        assert (found.code, found.severity) == ("ML404", Severity.ERROR)


def test_the_site_may_name_a_rule_by_its_name_and_in_small_letters() -> None:
    assert examine(PORT_25, lint=lint(ignore=("port-25-submission",))).diagnostics == ()
    assert examine(PORT_25, lint=lint(ignore=("ml301", "no-such-rule"))).diagnostics == ()
    (found,) = examine(PORT_25, lint=lint(severity={"port-25-submission": "error"})).diagnostics
    assert found.severity is Severity.ERROR
    again = LintPath(match="*.yaml", severity=MappingProxyType({"ML301": "info"}), ignore=("tls-verify-off",))
    (found,) = examine(PORT_25, lint=LintSettings(ignore=("port-25-submission",), paths=(again,))).diagnostics
    assert found.severity is Severity.INFO


def test_the_site_says_so_for_some_files_only() -> None:
    strict = LintPath(match="accounts/a*.yaml", severity=MappingProxyType({"ML301": "error"}))
    lax = LintPath(match="ab.yaml", ignore=("ML301",))
    wanted = LintPath(match="abc.yaml", severity=MappingProxyType({"ML301": "info"}))
    site = LintSettings(ignore=("ML301",), paths=(strict, lax, wanted))
    names = [f"/etc/maild/accounts/{name}.yaml" for name in ("a", "ab", "abc", "b")]

    report = check_files([load(PORT_25, file=name) for name in names], now=NOW, lint=site, secrets=None)

    assert [(found.location.file, found.severity) for found in report.diagnostics if found.location] == [
        (names[0], Severity.ERROR),
        (names[2], Severity.INFO),
    ]


@pytest.mark.parametrize(
    "settings_of_site", [lint(ignore=("ML203",)), lint(severity={"ML203": "info"})], ids=["ignored", "weakened"]
)
def test_a_fixed_rule_stays_an_error(settings_of_site: LintSettings) -> None:
    (found,) = examine(GOOD.replace("465", '"465"'), lint=settings_of_site).diagnostics

    assert (found.code, found.severity) == ("ML203", Severity.ERROR)


def test_accounts_are_only_missed_when_it_is_known_which_there_are() -> None:
    site = load("default_account: nobody\n", file="maild.yaml")

    unknown = check_files([site], now=NOW, lint=LintSettings(), secrets=None)
    none = check_files([site], now=NOW, lint=LintSettings(), secrets=None, accounts=())

    assert codes(unknown) == []
    assert [(found.code, found.help) for found in none.diagnostics] == [("ML216", "The accounts that there are: none.")]


def test_without_a_checker_nobody_asks_for_secrets() -> None:
    account = load(GOOD.replace("SMTP_PASSWORD", "NOT_SET"))

    assert codes(check_files([account], now=NOW, lint=LintSettings(), secrets=None)) == []


def test_a_file_of_more_than_a_mebibyte_is_not_read() -> None:
    report = examine(b"#" * (1024 * 1024 + 1))

    assert render_text(report, Style()).splitlines()[:3] == [
        "error[ML103] file-too-large",
        "  --> account.yaml:1:1",
        "  The file has more than 1024 KiB, so it was not read: no configuration is as large.",
    ]


def test_an_account_by_an_impossible_name_is_told_so() -> None:
    report = examine(GOOD, file="acc*ount.yaml")

    assert [(found.code, found.location) for found in report.diagnostics] == [
        ("ML215", Location(file="acc*ount.yaml", span=FIRST))
    ]


def test_a_file_that_cannot_be_read_is_a_finding() -> None:
    assert unreadable_file("a.yaml", "Permission denied") == Diagnostic(
        code="ML123",
        name="file-unreadable",
        severity=Severity.ERROR,
        message="The file cannot be read: Permission denied.",
        help="Let maild's user read it, or delete it if it is not needed.",
        location=Location(file="a.yaml"),
    )


def test_of_two_files_for_one_account_the_second_is_a_finding() -> None:
    found = duplicate_file("a.yml", "a.yaml")

    assert (found.code, found.location) == ("ML214", Location(file="a.yml", span=FIRST))
    assert "a.yaml" in found.message


def crashing(subject: Subject) -> Iterator[Finding]:
    yield Finding(message="found before", place=WholeFile())
    raise ValueError("hunter2")


def silent(subject: Subject) -> Iterator[Finding]:
    yield from ()


def rule_of(code: str, check: object) -> Rule:
    assert check is crashing or check is silent
    info = RuleInfo(code=code, name="some-rule", severity=Severity.WARNING, summary="Some.")
    return Rule(info=info, check=crashing if check is crashing else silent, documentation="")


def diagnose(info: RuleInfo, finding: Finding) -> Diagnostic:
    return Diagnostic(code=info.code, name=info.name, severity=info.severity, message=finding.message)


def test_a_rule_that_crashes_is_reported_and_the_others_go_on() -> None:
    subject = Subject(loaded=load(GOOD), now=NOW)

    found = list(check_subject(subject, [rule_of("ML801", crashing), rule_of("ML802", silent)], diagnose))

    assert [(one.code, one.message) for one in found] == [
        ("ML801", "found before"),
        ("ML999", "The rule ML801 (some-rule) crashed with ValueError on this file. The other rules still ran."),
    ]


@each_row("code", ["ML123", "ML214", "ML901", "ML905", "ML907", "ML908", "ML909", "ML999"])
def test_a_rule_in_whose_name_others_speak_finds_nothing_itself(code: str) -> None:
    rule = find_rule(code)

    assert rule is not None
    assert list(rule.check(Subject(loaded=load(GOOD), now=NOW))) == []


def test_no_rule_finds_anything_in_an_unused_site_file() -> None:
    assert codes(examine("", file="maild.yaml")) == []


def test_what_a_rule_sees_of_a_site_is_no_account() -> None:
    subject = Subject(loaded=load_site("maild.yaml", b""), now=datetime(2026, 1, 1, tzinfo=UTC))

    assert subject.draft.host is None
    assert subject.provider is None
    assert not subject.is_account


WORDS = st.sampled_from(
    [
        *("protocol", "smtp", "http", "host", "hots", "port", "465", "587", "25", "'465'", "tls", "mode", "starttls"),
        *(
            "none",
            "verify",
            "no",
            "false",
            "username",
            "a@b.example",
            "password",
            "{env:",
            "[x]",
            "hunter2",
            "reply_to",
        ),
        *("url", "https://x.example", "http://x.example", "routes", "accounts", "lint", "ML301", "probe", "interval"),
        *("}", "]", ",", ":", "-", "#", "\n", "\n \n", "&a", "*a", "!t", "? "),
    ]
)


@given(st.lists(WORDS, max_size=25).map(" ".join), st.sampled_from(["account.yaml", "maild.yaml"]))
def test_no_file_makes_a_rule_crash(text: str, file: str) -> None:
    report = examine(text, file=file)

    assert "ML999" not in codes(report)
    assert render_text(report, Style(has_color=True, width=80))


@given(st.binary(max_size=80), st.sampled_from(["account.yaml", "maild.yaml"]))
def test_no_bytes_make_a_rule_crash(data: bytes, file: str) -> None:
    report = examine(data, file=file)

    assert "ML999" not in codes(report)
    assert all(found.location is not None for found in report.diagnostics)


def test_an_account_without_faults_has_no_finding_of_a_fault() -> None:
    reporting = {rule.info.code for rule in RULES if rule.info.faults}

    assert load_account("account.yaml", PORT_25.encode()).faults == ()
    assert not set(codes(examine(PORT_25))) & reporting


def test_facts_of_a_provider_that_are_a_year_old_are_told_so() -> None:
    later = NOW.replace(year=NOW.year + 2)

    found = check_files([load(GOOD)], now=later, lint=LintSettings(), secrets=None).diagnostics

    assert [(one.code, one.severity) for one in found] == [("ML439", Severity.INFO)]


def test_two_accounts_with_one_password_are_a_finding_at_the_second() -> None:
    other = GOOD.replace("billing@", "office@")
    files = [load(GOOD, file="a.yaml"), load(other, file="b.yaml"), load(other, file="c.yaml")]

    found = check_files(files, now=NOW, lint=LintSettings(), secrets=None).diagnostics

    assert [(one.location.file, one.code) for one in found if one.location] == [
        ("b.yaml", "ML509"),
        ("c.yaml", "ML509"),
    ]
    assert "`a`" in found[0].message


def test_a_second_choice_with_the_login_of_the_first_is_a_finding() -> None:
    site = load("default_account: a\nroutes: [{match: {}, accounts: [a, b, c, gone]}]\n", file="maild.yaml")
    files = [load(GOOD, file="a.yaml"), load(GOOD, file="b.yaml"), load(PORT_25.replace("billing", "x"), file="c.yaml")]

    found = check_files([site, *files], now=NOW, lint=LintSettings(ignore=("ML301", "ML509")), secrets=None).diagnostics

    assert [(one.code, one.location and one.location.pointer) for one in found] == [("ML606", "/routes/0/accounts/1")]


def test_a_place_that_leads_to_an_account_that_is_switched_off_is_a_finding() -> None:
    text = "default_account: b\nroutes: [{match: {}, accounts: [{account: b, weight: 2}, a]}]\n"
    files = [load(GOOD, file="a.yaml"), load(GOOD + "enabled: false\n", file="b.yaml")]

    found = check_files(
        [load(text, file="maild.yaml"), *files],
        now=NOW,
        lint=LintSettings(ignore=("ML509", "ML606")),
        secrets=None,
        accounts=("a", "b"),
    ).diagnostics

    assert [(one.code, one.location and one.location.pointer) for one in found] == [
        ("ML604", "/default_account"),
        ("ML604", "/routes/0/accounts/0/account"),
    ]


@pytest.mark.parametrize(
    ("day", "severity"),
    [((2026, 6, 1), None), ((2026, 8, 1), Severity.WARNING), ((2026, 12, 31), Severity.ERROR)],
)
def test_what_ends_at_a_day_is_said_half_a_year_ahead(day: tuple[int, int, int], severity: Severity | None) -> None:
    account = load(GOOD.replace("smtp.gmail.com, port: 465", "smtp.office365.com, port: 587"))

    found = check_files([account], now=datetime(*day, tzinfo=UTC), lint=LintSettings(), secrets=None).diagnostics

    assert [(one.code, one.severity) for one in found] == ([] if severity is None else [("ML410", severity)])


def test_the_site_has_the_last_word_about_a_severity_with_a_date() -> None:
    account = load(GOOD.replace("smtp.gmail.com, port: 465", "smtp.office365.com, port: 587"))
    settings_of_site = lint(severity={"ML410": "info"})

    (found,) = check_files(
        [account], now=datetime(2027, 1, 1, tzinfo=UTC), lint=settings_of_site, secrets=None
    ).diagnostics

    assert found.severity is Severity.INFO

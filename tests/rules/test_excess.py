from dataclasses import replace

from maild.diagnostics import Diagnostic, Location, Report, Severity, Span
from maild.rules.excess import MOST_SHOWN, without_excess
from tests.rules.examine import GOOD, examine


def finding(number: int, *, file: str = "a.yaml", severity: Severity = Severity.WARNING) -> Diagnostic:
    span = Span(line=number, column=1, end_line=number, end_column=2)
    return Diagnostic(
        code="ML301", name="x", severity=severity, message="x", location=Location(file=file, span=span, pointer="/x")
    )


def test_a_hundred_findings_are_all_shown() -> None:
    report = Report.of([finding(number) for number in range(1, MOST_SHOWN + 1)])

    assert without_excess(report) == report


def test_behind_the_first_hundred_one_says_how_many_there_are_and_how_bad() -> None:
    found = [finding(number) for number in range(1, 150)] + [finding(150, severity=Severity.ERROR)]

    shown = without_excess(Report.of(found)).diagnostics

    assert shown[:-1] == tuple(found[:MOST_SHOWN])
    assert shown[-1] == Diagnostic(
        code="ML907",
        name="too-many-findings",
        severity=Severity.ERROR,
        message="From here on the file has 50 more findings, 1 of them errors, not shown here.",
        help="Put right what is shown first, then check again; most of it may have one cause.",
        location=Location(file="a.yaml", span=Span(line=101, column=1, end_line=101, end_column=2)),
    )


def test_warnings_that_are_left_out_make_no_error() -> None:
    shown = without_excess(Report.of(finding(number) for number in range(1, 102))).diagnostics

    assert (shown[-1].severity, shown[-1].message) == (
        Severity.WARNING,
        "From here on the file has 1 more finding, not shown here.",
    )


def test_each_file_has_a_hundred_of_its_own() -> None:
    report = Report.of([finding(number, file=file) for file in ("a.yaml", "b.yaml") for number in range(1, 81)])

    assert without_excess(report) == report


def test_what_is_about_no_file_is_never_left_out() -> None:
    report = Report.of(replace(finding(1), message=str(number), location=None) for number in range(MOST_SHOWN + 1))

    assert without_excess(report) == report


def test_of_a_file_with_thousands_of_mistakes_a_thousand_are_counted() -> None:
    report = examine(GOOD + "".join(f"kex{number}: 1\n" for number in range(3000)))

    assert len(report.diagnostics) == 1000
    assert without_excess(report).diagnostics[-1].message.startswith("From here on the file has 900 more findings")


def test_when_only_errors_are_left_out_it_says_so() -> None:
    shown = without_excess(Report.of(finding(number, severity=Severity.ERROR) for number in range(1, 103))).diagnostics

    assert shown[-1].message == "From here on the file has 2 more findings, all of them errors, not shown here."

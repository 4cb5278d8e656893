from maild.diagnostics import Diagnostic, Location, Report, Severity, Span


def diagnostic(file: str | None, line: int, code: str, severity: Severity = Severity.ERROR) -> Diagnostic:
    span = Span(line=line, column=1, end_line=line, end_column=2)
    location = Location(file=file, span=span) if file is not None else None
    return Diagnostic(code=code, name="a-rule", severity=severity, message="m", location=location)


def test_a_report_is_sorted_by_file_then_position_then_code_and_has_no_doubles() -> None:
    late = diagnostic("a.yaml", 9, "ML101")
    early = diagnostic("a.yaml", 2, "ML301")
    same_place = diagnostic("a.yaml", 2, "ML201")
    nowhere = diagnostic(None, 0, "ML999")
    other = diagnostic("b.yaml", 1, "ML101")

    report = Report.of([other, late, early, same_place, nowhere, late])

    assert report.diagnostics == (nowhere, same_place, early, late, other)
    assert report.of_file("b.yaml") == (other,)


def test_a_report_tells_how_bad_it_is() -> None:
    report = Report.of([diagnostic("a", 1, "ML301", Severity.WARNING), diagnostic("a", 2, "ML212", Severity.INFO)])

    assert (report.count(Severity.ERROR), report.count(Severity.WARNING), report.count(Severity.INFO)) == (0, 1, 1)
    assert not report.at_or_above(Severity.ERROR)
    assert report.at_or_above(Severity.WARNING)
    assert report.at_or_above(Severity.INFO)


def test_a_diagnostic_without_a_span_is_sorted_before_those_in_the_file() -> None:
    whole = Diagnostic(code="ML103", name="r", severity=Severity.ERROR, message="m", location=Location(file="a.yaml"))

    assert Report.of([diagnostic("a.yaml", 1, "ML101"), whole]).diagnostics[0] == whole
    assert whole.docs == "maild explain ML103"

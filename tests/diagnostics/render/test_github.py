from hypothesis import given, settings
from hypothesis import strategies as st

from maild.diagnostics import Severity, Span
from maild.diagnostics.render import Style
from maild.diagnostics.render.github import render_github
from tests.diagnostics.render.build import diagnostic, report, span


def test_a_finding_is_a_command_with_the_place_in_it() -> None:
    finding = diagnostic(at=span(3, 9, 12), help_text="Write `port: 587`.")

    assert render_github(report(finding), Style()) == (
        "::error file=a.yaml,line=3,endLine=3,col=9,endColumn=12,title=ML303 port-tls-mode-mismatch::"
        "Port 465 speaks TLS at once.%0AWrite `port: 587`.%0ASee `maild explain ML303`.\n"
    )


def test_severities_are_those_of_github() -> None:
    findings = report(
        diagnostic(file=None, severity=Severity.WARNING, message="b"),
        diagnostic(file=None, severity=Severity.INFO, message="c"),
    )

    assert render_github(findings, Style()).splitlines() == [
        "::warning title=ML303 port-tls-mode-mismatch::b%0ASee `maild explain ML303`.",
        "::notice title=ML303 port-tls-mode-mismatch::c%0ASee `maild explain ML303`.",
    ]


def test_a_span_over_lines_has_no_end_column() -> None:
    finding = diagnostic(at=Span(line=1, column=2, end_line=3, end_column=4))

    assert render_github(report(finding), Style()).startswith("::error file=a.yaml,line=1,endLine=3,col=2,title=")


def test_what_means_something_to_the_runner_is_escaped() -> None:
    finding = diagnostic(file="a,b:c%.yaml", message="100% sure\n::stop")

    assert render_github(report(finding), Style()) == (
        "::error file=a%2Cb%3Ac%25.yaml,title=ML303 port-tls-mode-mismatch::100%25 sure\\n::stop"
        "%0ASee `maild explain ML303`.\n"
    )


@settings(deadline=None)
@given(st.text(), st.text(min_size=1), st.text())
def test_nothing_in_a_finding_makes_a_second_command(file: str, message: str, help_text: str) -> None:
    text = render_github(report(diagnostic(file=file, message=message, help_text=help_text)), Style())

    assert len(text.splitlines()) == 1
    assert text.startswith("::error file=")

from maild.diagnostics import Severity
from maild.diagnostics.render import Style
from maild.diagnostics.render.concise import render_concise
from tests.diagnostics.render.build import diagnostic, report, span


def test_each_finding_is_one_line_that_an_editor_can_jump_to() -> None:
    findings = report(
        diagnostic(at=span(3, 9, 12), message="first\nsecond"),
        diagnostic(severity=Severity.WARNING),
        diagnostic(file=None, severity=Severity.INFO),
    )

    assert render_concise(findings, Style()) == (
        "info[ML303] Port 465 speaks TLS at once.\n"
        "a.yaml: warning[ML303] Port 465 speaks TLS at once.\n"
        "a.yaml:3:9: error[ML303] first\\nsecond\n"
    )


def test_a_clean_report_is_silent() -> None:
    assert render_concise(report(), Style()) == ""

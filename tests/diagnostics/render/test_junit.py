from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from maild.diagnostics import Severity
from maild.diagnostics.render import Style
from maild.diagnostics.render.junit import render_junit
from tests.diagnostics.render.build import diagnostic, report, span


def test_an_error_is_a_test_that_failed() -> None:
    finding = diagnostic(at=span(3, 9, 12), message='5 < 6 & "x"')

    assert render_junit(report(finding), Style()).splitlines() == [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<testsuites name="maild check" tests="1" failures="1" errors="0">',
        '  <testsuite name="a.yaml" tests="1" failures="1" errors="0">',
        '    <testcase classname="a.yaml" name="ML303 port-tls-mode-mismatch a.yaml:3:9">',
        (
            '      <failure type="ML303" message="5 &lt; 6 &amp; &quot;x&quot;">'
            "a.yaml:3:9: 5 &lt; 6 &amp; &quot;x&quot; See `maild explain ML303`.</failure>"
        ),
        "    </testcase>",
        "  </testsuite>",
        "</testsuites>",
    ]


def test_a_warning_is_a_test_that_passed_and_says_something() -> None:
    root = ET.fromstring(render_junit(report(diagnostic(severity=Severity.WARNING)), Style()))

    assert root.get("failures") == "0"
    assert root.findtext("testsuite/testcase/system-out") == (
        "warning: a.yaml: Port 465 speaks TLS at once. See `maild explain ML303`."
    )


def test_a_file_without_findings_is_a_test_that_passed() -> None:
    root = ET.fromstring(render_junit(report(), Style()))

    assert root.get("tests") == "1"
    assert [(case.get("name"), list(case)) for case in root.iter("testcase")] == [("maild check", [])]


def test_a_finding_about_no_file_is_in_the_programs_own_suite() -> None:
    root = ET.fromstring(render_junit(report(diagnostic(file=None)), Style()))

    assert [suite.get("name") for suite in root] == ["a.yaml", "maild"]


@settings(deadline=None)
@given(st.text(), st.text(min_size=1), st.text())
def test_every_report_is_xml(file: str, message: str, help_text: str) -> None:
    text = render_junit(report(diagnostic(file=file, message=message, help_text=help_text)), Style())

    assert text.isascii()
    assert ET.fromstring(text).get("failures") == "1"

import json
from dataclasses import replace

from maild.diagnostics import Severity
from maild.diagnostics.fingerprint import fingerprints
from maild.diagnostics.render import Style
from maild.diagnostics.render.gitlab import render_gitlab
from tests.diagnostics.render.build import EXPLANATION, SOURCE, diagnostic, report, span


def test_a_finding_is_an_issue_of_the_widget() -> None:
    findings = report(diagnostic(file="./a.yaml", at=span(3, 9, 12), help_text="Write `port: 587`."))

    assert json.loads(render_gitlab(findings, Style())) == [
        {
            "description": "ML303: Port 465 speaks TLS at once. Write `port: 587`. See `maild explain ML303`.",
            "check_name": "port-tls-mode-mismatch",
            "fingerprint": fingerprints(findings)[0],
            "severity": "major",
            "location": {"path": "a.yaml", "lines": {"begin": 3, "end": 3}},
        }
    ]


def test_a_finding_about_no_file_has_the_place_that_the_widget_requires() -> None:
    (issue,) = json.loads(render_gitlab(report(diagnostic(file=None, severity=Severity.INFO)), Style()))

    assert issue["location"] == {"path": ".", "lines": {"begin": 1, "end": 1}}
    assert issue["severity"] == "info"


def test_a_line_above_does_not_make_it_another_finding() -> None:
    before = json.loads(render_gitlab(report(diagnostic(at=span(3, 9, 12))), Style()))
    after = json.loads(render_gitlab(report(diagnostic(at=span(4, 9, 12)), source="# new\n" + SOURCE), Style()))

    assert before[0]["fingerprint"] == after[0]["fingerprint"]
    assert before != after


def test_a_clean_report_is_an_empty_array() -> None:
    assert render_gitlab(report(), Style()) == "[]\n"


def test_the_documentation_stands_where_code_climate_has_it() -> None:
    findings = replace(report(diagnostic(help_text="")), explanations={"ML303": EXPLANATION})

    (issue,) = json.loads(render_gitlab(findings, Style()))

    assert issue["content"] == {"body": EXPLANATION.markdown}
    assert issue["description"] == "ML303: Port 465 speaks TLS at once. See `maild explain ML303`."

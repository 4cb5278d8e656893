import json

from maild.diagnostics.render import Style
from maild.diagnostics.render.json import render_json
from maild.diagnostics.render.jsonl import render_jsonl
from tests.diagnostics.render.build import diagnostic, report, span


def test_each_finding_is_a_line_with_the_object_of_the_json_report() -> None:
    findings = report(diagnostic(at=span(3, 9, 12)), diagnostic(message="a\nb", file=None))

    lines = render_jsonl(findings, Style()).splitlines()

    assert [json.loads(line) for line in lines] == json.loads(render_json(findings, Style()))


def test_a_clean_report_is_silent() -> None:
    assert render_jsonl(report(), Style()) == ""

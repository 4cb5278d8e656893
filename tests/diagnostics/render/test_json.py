import json
from pathlib import Path

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from maild.diagnostics import Diagnostic, Edit, Fix, Location, Report, Severity, Span
from maild.diagnostics.render import Style
from maild.diagnostics.render.json import render_json
from tests.diagnostics.render.build import diagnostic, report, span

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "diagnostics.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

SPANS = st.builds(Span, **{name: st.integers(1, 9999) for name in ("line", "column", "end_line", "end_column")})
LOCATIONS = st.builds(Location, file=st.text(), span=st.none() | SPANS, pointer=st.none() | st.text())
EDITS = st.builds(Edit, span=SPANS, text=st.text())
FIXES = st.builds(Fix, edits=st.lists(EDITS, min_size=1, max_size=2).map(tuple), is_safe=st.booleans())
DIAGNOSTICS = st.builds(
    Diagnostic,
    code=st.from_regex(r"\AML[0-9]{3}\Z"),
    name=st.from_regex(r"\A[a-z0-9]+(-[a-z0-9]+){0,3}\Z"),
    severity=st.sampled_from(Severity),
    message=st.text(min_size=1),
    help=st.text(),
    location=st.none() | LOCATIONS,
    fix=st.none() | FIXES,
)


def test_a_finding_is_an_object_with_a_closed_set_of_keys() -> None:
    finding = diagnostic(at=span(3, 9, 12), pointer="/smtp/port", help_text="change it")

    assert json.loads(render_json(report(finding), Style())) == [
        {
            "code": "ML303",
            "name": "port-tls-mode-mismatch",
            "severity": "error",
            "file": "a.yaml",
            "line": 3,
            "column": 9,
            "end_line": 3,
            "end_column": 12,
            "pointer": "/smtp/port",
            "message": "Port 465 speaks TLS at once.",
            "help": "change it",
            "docs": "maild explain ML303",
            "fix": None,
        }
    ]


def test_a_fix_is_told_as_the_edits_that_an_editor_makes() -> None:
    fix = Fix(edits=(Edit(span=span(3, 9, 12), text="587"),), is_safe=True)

    (shown,) = json.loads(render_json(report(diagnostic(fix=fix)), Style()))

    edit = {"line": 3, "column": 9, "end_line": 3, "end_column": 12, "text": "587"}
    assert shown["fix"] == {"is_safe": True, "edits": [edit]}


def test_a_clean_report_is_an_empty_array() -> None:
    assert render_json(report(), Style()) == "[]\n"


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@given(st.lists(DIAGNOSTICS, max_size=4))
def test_every_report_is_ascii_and_keeps_to_the_schema(findings: list[Diagnostic]) -> None:
    text = render_json(Report.of(findings), Style(has_color=True, width=40))

    assert text.isascii()
    VALIDATOR.validate(json.loads(text))

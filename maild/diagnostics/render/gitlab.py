"""A report as GitLab's Code Quality widget takes it, which is a part of Code Climate's format. Pure.

The widget tells old findings from new ones by their fingerprints, so these must survive edits elsewhere in the file.
"""

import json
from typing import Final

from maild.diagnostics.diagnostic import Diagnostic, Severity
from maild.diagnostics.explanation import Explanation
from maild.diagnostics.fingerprint import fingerprints
from maild.diagnostics.render.display import printable_lines
from maild.diagnostics.render.style import Style
from maild.diagnostics.report import Report

_SEVERITIES: Final = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render_gitlab(report: Report, style: Style) -> str:  # noqa: ARG001 -- every renderer is called alike
    """A JSON array with one object a finding."""
    found = zip(report.diagnostics, fingerprints(report), strict=True)
    issues = [
        _issue(diagnostic, fingerprint, report.explanations.get(diagnostic.code)) for diagnostic, fingerprint in found
    ]
    return json.dumps(issues, indent=2) + "\n"


def _issue(diagnostic: Diagnostic, fingerprint: str, explanation: Explanation | None) -> dict[str, object]:
    location = diagnostic.location
    span = None if location is None else location.span
    sentences = (f"{diagnostic.code}: {diagnostic.message}", diagnostic.help, f"See `{diagnostic.docs}`.")
    words = " ".join(sentence for sentence in sentences if sentence)
    # Code Climate's place for the documentation; the widget of GitLab itself passes over it.
    content = {} if explanation is None else {"content": {"body": explanation.markdown}}
    return {
        "description": "\n".join(printable_lines(words)),
        "check_name": diagnostic.name,
        **content,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {
            # A path is required, also of a finding about no file; and `./a.yaml` would not be found in the repository.
            "path": "." if location is None else location.file.removeprefix("./"),
            "lines": {"begin": 1 if span is None else span.line, "end": 1 if span is None else span.end_line},
        },
    }

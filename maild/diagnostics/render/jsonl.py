"""A report for programs that read line by line: one JSON object a line, the same as in `json`. Pure."""

import json

from maild.diagnostics.render.json import diagnostic_object
from maild.diagnostics.render.style import Style
from maild.diagnostics.report import Report


def render_jsonl(report: Report, style: Style) -> str:  # noqa: ARG001 -- every renderer is called alike
    """One line a finding, and nothing at all for a clean report."""
    return "".join(json.dumps(diagnostic_object(diagnostic)) + "\n" for diagnostic in report.diagnostics)

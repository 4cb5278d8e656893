"""A report for programs: a JSON array, one object a finding, held to `schemas/diagnostics.schema.json` by test. Pure.

Everything outside ASCII is escaped, so the text survives any locale and a lone surrogate from a hostile file.
"""

import json

from maild.diagnostics.diagnostic import Diagnostic, Fix
from maild.diagnostics.render.style import Style
from maild.diagnostics.report import Report


def render_json(report: Report, style: Style) -> str:  # noqa: ARG001 -- every renderer is called alike
    """The array; lines and columns count from 1, columns in characters, the end is exclusive."""
    return json.dumps([diagnostic_object(diagnostic) for diagnostic in report.diagnostics], indent=2) + "\n"


def diagnostic_object(diagnostic: Diagnostic) -> dict[str, object]:
    """One diagnostic as the object of the schema; what has no place in a file has null there."""
    location = diagnostic.location
    span = location.span if location else None
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
        "file": location.file if location else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
        "pointer": location.pointer if location else None,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "docs": diagnostic.docs,
        "fix": None if diagnostic.fix is None else _fix_object(diagnostic.fix),
    }


def _fix_object(fix: Fix) -> dict[str, object]:
    return {
        "is_safe": fix.is_safe,
        "edits": [
            {
                "line": edit.span.line,
                "column": edit.span.column,
                "end_line": edit.span.end_line,
                "end_column": edit.span.end_column,
                "text": edit.text,
            }
            for edit in fix.edits
        ],
    }

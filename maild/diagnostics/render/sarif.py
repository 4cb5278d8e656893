"""A report in SARIF 2.1.0 (OASIS), for code scanning at GitHub, Azure DevOps and in editors. Pure.

Held to the standard's own schema by test. Columns count characters, which the log says (`unicodeCodePoints`, §3.14.17).
"""

import json
from typing import Final
from urllib.parse import quote

from maild import __version__
from maild.diagnostics.diagnostic import Diagnostic, Fix, Location, Severity, Span
from maild.diagnostics.explanation import Explanation
from maild.diagnostics.fingerprint import fingerprints
from maild.diagnostics.render.explanation import render_explanation
from maild.diagnostics.render.style import Style
from maild.diagnostics.report import Report

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render_sarif(report: Report, style: Style) -> str:  # noqa: ARG001 -- every renderer is called alike
    """The log with one run."""
    names = {diagnostic.code: diagnostic.name for diagnostic in report.diagnostics}
    codes = sorted(names)
    found = zip(report.diagnostics, fingerprints(report), strict=True)
    driver = {
        "name": "maild",
        "semanticVersion": __version__,
        "rules": [_rule(code, names[code], report.explanations.get(code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, codes.index(diagnostic.code), mark) for diagnostic, mark in found],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str, name: str, explanation: Explanation | None) -> dict[str, object]:
    """§3.49. There is no `helpUri`: the documentation is the program's own, and a reader may have no network."""
    see = f"See `maild explain {code}`."
    if explanation is None:
        return {"id": code, "name": name, "shortDescription": {"text": name.replace("-", " ")}, "help": {"text": see}}
    finds = explanation.sections.get("What it finds", explanation.summary)
    return {
        "id": code,
        "name": name,
        "shortDescription": {"text": explanation.summary},
        "fullDescription": {"text": " ".join(finds.split()), "markdown": finds},
        "defaultConfiguration": {"level": _LEVELS[explanation.severity]},
        "help": {"text": f"{render_explanation(explanation, Style())}\n\n{see}", "markdown": explanation.markdown},
    }


def _result(diagnostic: Diagnostic, rule: int, fingerprint: str) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": f"{diagnostic.message} {diagnostic.help}".rstrip()},
        "partialFingerprints": {"maildFinding/v1": fingerprint},
    }
    if diagnostic.location is not None:
        if diagnostic.fix is not None:
            result["fixes"] = [_fix(diagnostic.fix, diagnostic.location.file)]
        result["locations"] = [{"physicalLocation": _physical(diagnostic.location)}]
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _physical(related.location), "message": {"text": related.message}}
            for number, related in enumerate(diagnostic.related, start=1)
        ]
    return result


def _fix(fix: Fix, file: str) -> dict[str, object]:
    replacements = [{"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}} for edit in fix.edits]
    words = "Mend it." if fix.is_safe else "Mend it, and look whether that is what was meant."
    change = {"artifactLocation": {"uri": _uri(file)}, "replacements": replacements}
    return {"description": {"text": words}, "artifactChanges": [change]}


def _physical(location: Location) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(location.file)}}
    if location.span is not None:
        physical["region"] = _region(location.span)
    return physical


def _region(span: Span) -> dict[str, int]:
    """§3.30: lines and columns from 1, the end column exclusive, as ours are."""
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _uri(file: str) -> str:
    """The file as a relative or absolute URI reference (RFC 3986 §4.2)."""
    return quote(file.removeprefix("./"), errors="replace")

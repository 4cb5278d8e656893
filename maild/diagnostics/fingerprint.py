"""What makes a finding the same one after the file around it was edited. Pure.

Lines move, so they do not count. What counts: the rule, the file, the value's JSON Pointer (RFC 6901) and the text that
is pointed at, as it is shown: masked, so that no fingerprint is a hash of a password.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Final

from maild.diagnostics.diagnostic import Diagnostic, Location
from maild.diagnostics.lines import split_lines
from maild.diagnostics.report import Report

_LENGTH: Final = 32
"""Hexadecimal digits: 128 bits, so that two findings never share one by accident."""


def fingerprints(report: Report) -> tuple[str, ...]:
    """One for each diagnostic of the report, in its order; no two are the same."""
    lines = {file: split_lines(text) for file, text in report.sources.items()}
    seen: Counter[str] = Counter()
    made: list[str] = []
    for diagnostic in report.diagnostics:
        identity = _identity(diagnostic, lines)
        seen[identity] += 1
        # The second of two that are alike is told apart by being the second.
        text = f"{identity}\0{seen[identity]}"
        made.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH])
    return tuple(made)


def _identity(diagnostic: Diagnostic, lines: Mapping[str, list[str]]) -> str:
    location = diagnostic.location
    if location is None:
        return f"{diagnostic.code}\0\0\0{diagnostic.message}"
    pointed = _pointed_at(location, lines.get(location.file, []))
    return "\0".join((diagnostic.code, location.file, location.pointer or "", pointed))


def _pointed_at(location: Location, lines: list[str]) -> str:
    """The first line of the text that is meant, its blanks evened out."""
    span = location.span
    if span is None or span.line > len(lines):
        return ""
    line = lines[span.line - 1]
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    return " ".join(line[span.column - 1 : end].split())

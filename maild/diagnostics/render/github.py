"""A report as GitHub Actions takes it from a job's log, to write each finding beside its line. Pure.

A workflow command is one line, `::error file=a.yaml,line=3::message`. What comes from a file must not end it: a name
with a line break in it could otherwise give commands to the runner.
"""

from typing import Final

from maild.diagnostics.diagnostic import Diagnostic, Location, Severity
from maild.diagnostics.render.display import printable
from maild.diagnostics.render.style import Style
from maild.diagnostics.report import Report

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render_github(report: Report, style: Style) -> str:  # noqa: ARG001 -- every renderer is called alike
    """One command a finding, and nothing at all for a clean report."""
    return "".join(_command(diagnostic) + "\n" for diagnostic in report.diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    place = [] if diagnostic.location is None else _place(diagnostic.location)
    properties = ",".join([*place, f"title={_property(f'{diagnostic.code} {diagnostic.name}')}"])
    sentences = (diagnostic.message, *diagnostic.help.split("\n"), f"See `{diagnostic.docs}`.")
    message = "%0A".join(_data(sentence) for sentence in sentences if sentence)
    return f"::{_COMMANDS[diagnostic.severity]} {properties}::{message}"


def _place(location: Location) -> list[str]:
    parts = [f"file={_property(location.file)}"]
    span = location.span
    if span is not None:
        parts += [f"line={span.line}", f"endLine={span.end_line}", f"col={span.column}"]
        if span.end_line == span.line:
            # Columns over several lines are refused.
            parts.append(f"endColumn={span.end_column}")
    return parts


def _data(text: str) -> str:
    # What `printable` leaves has no line breaks any more; only the escape character itself is left to escape.
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

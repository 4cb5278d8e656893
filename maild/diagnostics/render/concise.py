"""A report with one line a finding, in the form that editors, `grep` and compilers' error lists understand. Pure."""

from maild.diagnostics.diagnostic import Diagnostic
from maild.diagnostics.render.display import printable
from maild.diagnostics.render.style import Style, paint_of
from maild.diagnostics.render.text import format_place
from maild.diagnostics.report import Report


def render_concise(report: Report, style: Style) -> str:
    """`file:line:column: error[ML301] message`, and nothing at all for a clean report."""
    return "".join(_line(diagnostic, style) + "\n" for diagnostic in report.diagnostics)


def _line(diagnostic: Diagnostic, style: Style) -> str:
    place = "" if diagnostic.location is None else f"{format_place(diagnostic.location)}: "
    severity = style.paint(f"{diagnostic.severity}[{diagnostic.code}]", paint_of(diagnostic.severity))
    return f"{place}{severity} {printable(diagnostic.message)}"

"""A report in the XML that JUnit began and every build server reads. Pure.

Each file is a suite and each finding a test. Only errors are failures: a build server shows a failure in red, and a
warning does not make `maild check` fail either. A file without findings is one test that passed.
"""

from collections.abc import Iterator
from html import escape

from maild.diagnostics.diagnostic import Diagnostic, Severity
from maild.diagnostics.render.display import printable_lines
from maild.diagnostics.render.style import Style
from maild.diagnostics.render.text import format_place
from maild.diagnostics.report import Report


def render_junit(report: Report, style: Style) -> str:  # noqa: ARG001 -- every renderer is called alike
    """The whole XML document, in ASCII."""
    suites: dict[str, list[Diagnostic]] = {file: [] for file in report.sources}
    for diagnostic in report.diagnostics:
        suites.setdefault(diagnostic.location.file if diagnostic.location else "maild", []).append(diagnostic)
    tests = sum(max(len(found), 1) for found in suites.values())
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<testsuites name="maild check" tests="{tests}" failures="{report.count(Severity.ERROR)}" errors="0">',
    ]
    for file, found in suites.items():
        lines += _suite(file, found)
    lines.append("</testsuites>")
    return "\n".join(lines) + "\n"


def _suite(file: str, found: list[Diagnostic]) -> Iterator[str]:
    name = _attribute(file)
    failures = sum(1 for diagnostic in found if diagnostic.severity is Severity.ERROR)
    yield f'  <testsuite name="{name}" tests="{max(len(found), 1)}" failures="{failures}" errors="0">'
    if not found:
        yield f'    <testcase classname="{name}" name="maild check"/>'
    for diagnostic in found:
        place = name if diagnostic.location is None else _attribute(format_place(diagnostic.location))
        yield f'    <testcase classname="{name}" name="{diagnostic.code} {diagnostic.name} {place}">'
        yield f"      {_outcome(diagnostic, place)}"
        yield "    </testcase>"
    yield "  </testsuite>"


def _outcome(diagnostic: Diagnostic, place: str) -> str:
    sentences = (diagnostic.message, diagnostic.help, f"See `{diagnostic.docs}`.")
    words = f"{place}: " + " ".join(_attribute(sentence) for sentence in sentences if sentence)
    if diagnostic.severity is not Severity.ERROR:
        return f"<system-out>{diagnostic.severity}: {words}</system-out>"
    return f'<failure type="{diagnostic.code}" message="{_attribute(diagnostic.message)}">{words}</failure>'


def _attribute(text: str) -> str:
    # Control characters and surrogates are no XML, however they are escaped; `printable` leaves none.
    return escape("\n".join(printable_lines(text))).encode("ascii", "xmlcharrefreplace").decode("ascii")

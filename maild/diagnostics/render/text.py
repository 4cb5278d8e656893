"""A report for people: the line, a caret under what is meant, what to do. Pure.

error[ML303] port-tls-mode-mismatch
  --> accounts/gmail.yaml:4:9
  Port 465 speaks TLS from the first byte, but `mode: starttls` waits for the server to speak first.
  4 |   port: 465
    |         ^^^
  5 |   tls: {mode: starttls}
    |               -------- this asks for STARTTLS
  help: remove `mode`, or write `mode: implicit`
  docs: maild explain ML303
"""

import textwrap
from collections.abc import Iterator

from maild.diagnostics.diagnostic import Diagnostic, Location, Related, Severity
from maild.diagnostics.lines import split_lines
from maild.diagnostics.render.display import printable, printable_lines
from maild.diagnostics.render.snippet import Marked, render_snippet
from maild.diagnostics.render.style import Paint, Style, paint_of
from maild.diagnostics.report import Report

_INDENT = "  "


def render_text(report: Report, style: Style) -> str:
    """The whole report, a summary at its end."""
    sources = {file: split_lines(text) for file, text in report.sources.items()}
    blocks = ["\n".join(_block(diagnostic, sources, style)) for diagnostic in report.diagnostics]
    return "\n\n".join([*blocks, _summary(report, style)]) + "\n"


def format_place(location: Location) -> str:
    """`file:line:column`, as editors and terminals make it clickable; the file alone where no position is known."""
    file = printable(location.file)
    return file if location.span is None else f"{file}:{location.span.line}:{location.span.column}"


def _block(diagnostic: Diagnostic, sources: dict[str, list[str]], style: Style) -> Iterator[str]:
    severity = style.paint(f"{diagnostic.severity}[{diagnostic.code}]", paint_of(diagnostic.severity))
    yield f"{severity} {style.paint(diagnostic.name, Paint.STRONG)}"
    if diagnostic.location is not None:
        yield f"{_INDENT}{style.paint('-->', Paint.FAINT)} {format_place(diagnostic.location)}"
    yield from _sentence("", diagnostic.message, style)
    yield from _snippet(diagnostic, sources, style)
    for related in diagnostic.related:
        if not _is_beside(related, diagnostic):
            yield from _elsewhere(related, sources, style)
    if diagnostic.help:
        yield from _sentence("help: ", diagnostic.help, style)
    yield f"{_INDENT}docs: {diagnostic.docs}"


def _snippet(diagnostic: Diagnostic, sources: dict[str, list[str]], style: Style) -> Iterator[str]:
    if diagnostic.location is None or diagnostic.location.span is None:
        return
    own = Marked(span=diagnostic.location.span, paint=paint_of(diagnostic.severity), is_primary=True)
    beside = (
        Marked(span=related.location.span, paint=Paint.FAINT, is_primary=False, label=related.message)
        for related in diagnostic.related
        if related.location.span is not None and _is_beside(related, diagnostic)
    )
    lines = sources.get(diagnostic.location.file, [])
    yield from (_INDENT + line for line in render_snippet(lines, [own, *beside], style))


def _is_beside(related: Related, diagnostic: Diagnostic) -> bool:
    """Whether the explaining place can be shown in the diagnostic's own snippet."""
    own = diagnostic.location
    return (
        own is not None
        and own.span is not None
        and related.location.span is not None
        and related.location.file == own.file
    )


def _elsewhere(related: Related, sources: dict[str, list[str]], style: Style) -> Iterator[str]:
    yield f"{_INDENT}{style.paint(':::', Paint.FAINT)} {format_place(related.location)}: {printable(related.message)}"
    if related.location.span is not None:
        mark = Marked(span=related.location.span, paint=Paint.FAINT, is_primary=False)
        lines = sources.get(related.location.file, [])
        yield from (_INDENT + line for line in render_snippet(lines, [mark], style))


def _sentence(lead: str, text: str, style: Style) -> Iterator[str]:
    first, *lines = printable_lines(text)
    whole = lead + first
    if style.width is None:
        yield _INDENT + whole
    else:
        yield from _wrapped(whole, lead, style.width)
    # Lines to copy keep their form, however narrow the terminal is.
    yield from (_INDENT + " " * len(lead) + line for line in lines)


def _wrapped(whole: str, lead: str, width: int) -> list[str]:
    return textwrap.wrap(
        whole,
        max(width, 20),
        initial_indent=_INDENT,
        subsequent_indent=_INDENT + " " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _summary(report: Report, style: Style) -> str:
    files = _counted(report.files_checked, "file")
    if not report.diagnostics:
        return f"{files} checked, nothing to report"
    counts = [
        style.paint(_counted(count, word), paint_of(severity))
        for severity, word in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note"))
        if (count := report.count(severity))
    ]
    safe = (diagnostic.fix is not None and diagnostic.fix.is_safe for diagnostic in report.diagnostics)
    fixes = sum(safe) if report.fixable is None else report.fixable
    offer = f"; {fixes} of them can be fixed: maild check --fix" if fixes else ""
    return f"{files} checked: {', '.join(counts)}{offer}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"

"""An explanation for people who read plain text: examples are set apart by indentation instead of fences. Pure."""

import textwrap
from collections.abc import Iterator

from maild.diagnostics.explanation import Explanation
from maild.diagnostics.render.style import Paint, Style, paint_of


def render_explanation(explanation: Explanation, style: Style) -> str:
    """All of it, without a line break at the end."""
    return "\n".join(_lines(explanation, style))


def _lines(explanation: Explanation, style: Style) -> Iterator[str]:
    severity = style.paint(explanation.severity.value, paint_of(explanation.severity))
    yield f"{style.paint(explanation.code, Paint.STRONG)} {explanation.name} ({severity}{explanation.note})"
    yield ""
    yield explanation.summary
    for heading, text in explanation.sections.items():
        yield ""
        yield style.paint(heading, Paint.STRONG)
        yield from _section(text)


def _section(text: str) -> Iterator[str]:
    is_example = False
    for line in text.splitlines():
        if line.startswith("```"):
            is_example = not is_example
            continue
        yield textwrap.indent(line, "      " if is_example else "  ")

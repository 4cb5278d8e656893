"""Source lines with carets under what is meant. Pure; `text` puts the words around it."""

from collections.abc import Sequence
from dataclasses import dataclass

from maild.diagnostics.diagnostic import Span
from maild.diagnostics.render.display import crop_line, printable, show_line
from maild.diagnostics.render.style import Paint, Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A span to be underlined: the finding's own with carets, an explaining one with dashes and its words."""

    span: Span
    paint: Paint
    is_primary: bool
    label: str = ""


def render_snippet(lines: Sequence[str], marks: Sequence[Marked], style: Style) -> list[str]:
    """The marked lines in the order of the file, each with its underlines; lines left out between are told by dots.

    A span over several lines is underlined on its first one. A line that the text does not have is left out.
    """
    shown = sorted((mark for mark in marks if mark.span.line <= len(lines)), key=lambda mark: mark.span)
    if not shown:
        return []
    gutter = len(str(shown[-1].span.line))
    output: list[str] = []
    previous: int | None = None
    for mark in shown:
        number = mark.span.line
        line, moved = crop_line(lines[number - 1], mark.span.column)
        if number != previous or moved:
            if previous is not None and number > previous + 1:
                output.append(style.paint(" " * gutter + " :", Paint.FAINT))
            # The bar is part of the frame, the line is the user's: only the frame is painted.
            output.append(style.paint(f"{number:>{gutter}} |", Paint.FAINT) + f" {show_line(line).text}".rstrip())
        output.append(style.paint(" " * gutter + " |", Paint.FAINT) + " " + _underline(line, moved, mark, style))
        previous = number
    return output


def _underline(line: str, moved: int, mark: Marked, style: Style) -> str:
    shown = show_line(line)
    start = shown.column(mark.span.column - moved)
    end = shown.columns[-1] if mark.span.end_line > mark.span.line else shown.column(mark.span.end_column - moved)
    # An empty span, or one on combining characters alone, still gets one caret.
    run = ("^" if mark.is_primary else "-") * max(end - start, 1)
    label = f" {printable(mark.label)}" if mark.label else ""
    return " " * start + style.paint(run + label, mark.paint)

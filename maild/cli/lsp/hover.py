"""What to show where the mouse rests: the findings there, a rule that is named, and the key or value. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from maild.cli.explanations import find_explanation
from maild.cli.lsp.lexicon import Lexicon, Schema, choices, written
from maild.cli.lsp.page import choice_page, key_page, provider_page
from maild.cli.lsp.spot import Role, Scene, Spot, scene_at
from maild.config.fault import Pointer
from maild.config.folder import FileKind
from maild.diagnostics import Diagnostic, Span
from maild.providers import provider_of
from maild.rules.pointing import path_of

_CODE: Final = re.compile(r"\bML[0-9]{3}\b")
_CODE_CHARS: Final = len("ML000")
_HOST: Final = Pointer("/smtp/host")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Markdown, and what of the text it is about."""

    markdown: str
    span: Span


def hover_at(
    lines: tuple[str, ...], place: tuple[int, int], kind: FileKind, found: Sequence[Diagnostic], *, today: date
) -> Shown | None:
    """What is to be said about a place (line and column), None when nothing is.

    Args:
        lines: the text.
        place: line and column.
        kind: what the file is.
        found: the file's findings.
        today: for the providers' dated changes.
    """
    here = [one for one in found if one.location is not None and _holds(one.location.span, place)]
    scene = scene_at(lines, place)
    pages = [page for one in here if (page := _rule_page(one.code)) is not None]
    spans = [one.location.span for one in here if one.location is not None and one.location.span is not None]
    named = _code_at(lines[place[0] - 1], place)
    if named is not None and (page := _rule_page(named[0])) is not None:
        pages.append(page)
        spans.append(named[1])
    if scene is not None and scene.spot.word:
        pages += _pages(scene, kind, today)
        spans.append(_span(scene.spot))
    return Shown(markdown="\n\n---\n\n".join(dict.fromkeys(pages)), span=spans[-1]) if pages else None


def _rule_page(code: str) -> str | None:
    explanation = find_explanation(code)
    return None if explanation is None else explanation.markdown


def _code_at(text: str, place: tuple[int, int]) -> tuple[str, Span] | None:
    """The code of a rule that is named there, in a comment that ignores it or in maild.yaml."""
    line, column = place
    for named in _CODE.finditer(text, max(0, column - _CODE_CHARS - 1), column + _CODE_CHARS):
        if named.start() < column <= named.end() + 1:
            return named[0], Span(line=line, column=named.start() + 1, end_line=line, end_column=named.end() + 1)
    return None


def _pages(scene: Scene, kind: FileKind, today: date) -> Iterator[str]:
    spot = scene.spot
    pointer = spot.value_pointer
    schema = Lexicon.of(kind, scene.values).topic(pointer)
    if schema is None:
        return
    if spot.role is Role.VALUE:
        provider = provider_of(spot.word) if kind is FileKind.ACCOUNT and pointer == _HOST else None
        if provider is not None:
            yield provider_page(provider, today=today)
            return
        chosen = _chosen(schema, spot.word)
        if chosen is not None:
            yield chosen
            return
    yield key_page(path_of(pointer), schema)


def _chosen(schema: Schema, word: str) -> str | None:
    return next(
        (choice_page(choice) for choice in choices(schema) if choice.description and written(choice.value) == word),
        None,
    )


def _span(spot: Spot) -> Span:
    return Span(line=spot.line, column=spot.start, end_line=spot.line, end_column=spot.end)


def _holds(span: Span | None, place: tuple[int, int]) -> bool:
    return span is not None and (span.line, span.column) <= place <= (span.end_line, span.end_column)

"""What an editor offers to do about findings: fix one, fix all, ignore one. Pure.

The edits are those of `maild check --fix`. What `--fix` leaves alone unless it is told `--unsafe-fixes` is marked in
its title, and never made by "fix all".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from maild.cli.lsp.change import changes_of
from maild.cli.lsp.ignoring import ignore_edit
from maild.cli.lsp.room import Judgement
from maild.diagnostics import Diagnostic, Edit, Span

_MOST: Final = 10
"""Findings of one place for which a comment is tried; each try looks at the whole file once or twice."""
_LONGEST: Final = 64 * 1024
"""Nor is it tried in a longer file, or all of one fixed: nobody wrote it, and each of many looks may take a second."""
_TITLE: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that can be done.

    Attributes:
        title: what an editor's menu shows.
        edits: made together.
        found: what it is about; None for all of the file.
        is_preferred: whether it is surely right, so that an editor may make it without asking.
    """

    title: str
    edits: tuple[Edit, ...]
    found: Diagnostic | None = None
    is_preferred: bool = False


def actions_at(judgement: Judgement, span: Span) -> Iterator[Action]:
    """What can be done about the findings that touch a stretch of the text: fixes first, then comments."""
    here = [one for one in judgement.diagnostics if _touches(one, span)]
    for found in here:
        if found.fix is not None:
            kind = "Fix" if found.fix.is_safe else "Unsafe fix"
            title = _short(f"{kind}: {found.help or found.message}")
            yield Action(title=title, edits=found.fix.edits, found=found, is_preferred=found.fix.is_safe)
    yield from _ignoring(judgement, here[:_MOST])


def fix_all(judgement: Judgement) -> Action | None:
    """Everything that `maild check --fix` does to the file; None when that is nothing."""
    if len(judgement.loaded.text) > _LONGEST:
        return None
    edits = changes_of(judgement.loaded.text, judgement.mended_text())
    return Action(title="Fix all that maild can fix safely", edits=edits) if edits else None


def _ignoring(judgement: Judgement, here: Sequence[Diagnostic]) -> Iterator[Action]:
    document = judgement.loaded.document
    if document is None or len(document.text) > _LONGEST:
        return
    for found in here:
        edit = ignore_edit(document, found, judgement.diagnostics, judgement.examine)
        if edit is not None:
            where = "in this file" if found.location is None or found.location.pointer is None else "here"
            yield Action(title=f"Ignore {found.code} ({found.name}) {where}", edits=(edit,), found=found)


def _touches(found: Diagnostic, span: Span) -> bool:
    own = None if found.location is None else found.location.span
    return (
        own is not None
        and (own.line, own.column) <= (span.end_line, span.end_column)
        and (span.line, span.column) <= (own.end_line, own.end_column)
    )


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"

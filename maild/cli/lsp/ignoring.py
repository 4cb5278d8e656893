"""The comment that says of a finding that it is meant to be there, put where it counts. Pure.

Where a comment belongs is for `rules.ignore` to say, and where one can stand is for YAML. So the likely places are
tried in turn, and one is taken when the finding is gone, nothing else is worse, and the file says the same as before.
The reason is the person's to write; until then a finding asks for it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from maild.config.document import Document, parse_document
from maild.diagnostics import Diagnostic, Edit, Span
from maild.diagnostics.fix import apply_edits
from maild.diagnostics.lines import split_lines
from maild.rules.catalogue import INFOS
from maild.rules.ignore import find_ignores

Examine: TypeAlias = Callable[[str], Sequence[Diagnostic]]

_WITHOUT_REASON: Final = "ML903"
_MODELINE: Final = "# yaml-language-server:"


def ignore_edit(document: Document, found: Diagnostic, before: Sequence[Diagnostic], examine: Examine) -> Edit | None:
    """What makes this finding go away by a comment; None where nothing does, or where it must not be ignored.

    Args:
        document: the file that it is in.
        found: the finding.
        before: all findings of the file.
        examine: what would be found with another text.
    """
    if found.code not in INFOS or INFOS[found.code].is_fixed or found.is_fixed or found.location is None:
        return None
    span = found.location.span
    if span is None:
        return None
    places = _in_file(document, found) if found.location.pointer is None else _at_line(document, found, span.line)
    return next((edit for edit in places if _works(document, edit, found, before, examine)), None)


def _at_line(document: Document, found: Diagnostic, line: int) -> Iterator[Edit]:
    text = split_lines(document.text)[line - 1]
    for ignore in find_ignores(document):
        if ignore.verb == "ignore" and ignore.rules and ignore.span.line in {line - 1, line}:
            behind = ignore.rules[-1].span
            yield _insertion(behind.line, behind.end_column, f", {found.code}")
    yield _insertion(line, len(text.rstrip()) + 1, f" # maild: ignore {found.code}")
    indent = text[: len(text) - len(text.lstrip())]
    yield _insertion(line, 1, f"{indent}# maild: ignore {found.code}{_newline(document)}")


def _in_file(document: Document, found: Diagnostic) -> Iterator[Edit]:
    line = 2 if document.text.startswith(_MODELINE) and "\n" in document.text else 1
    yield _insertion(line, 1, f"# maild: ignore-file {found.code}{_newline(document)}")


def _works(document: Document, edit: Edit, found: Diagnostic, before: Sequence[Diagnostic], examine: Examine) -> bool:
    text = apply_edits(document.text, [edit])
    after = examine(text)
    known = {_name(one) for one in before}
    is_gone = sum(_name(one) == _name(found) for one in after) < sum(_name(one) == _name(found) for one in before)
    is_harmless = all(_name(one) in known or one.code == _WITHOUT_REASON for one in after)
    return is_gone and is_harmless and _says_the_same(document, text)


def _says_the_same(document: Document, text: str) -> bool:
    again = parse_document(document.file, text.encode()).document
    return again is not None and again.value == document.value


def _name(found: Diagnostic) -> tuple[str, str | None]:
    return found.code, None if found.location is None else found.location.pointer


def _insertion(line: int, column: int, text: str) -> Edit:
    return Edit(span=Span(line=line, column=column, end_line=line, end_column=column), text=text)


def _newline(document: Document) -> str:
    return "\r\n" if "\r\n" in document.text else "\n"

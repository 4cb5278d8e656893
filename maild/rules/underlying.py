"""Finds the one mistake that explains all that was found in a file: it is said, and what follows from it is not. Pure.

A file of another program, characters copied from print, lines in another notation: the parser stumbles over what comes
of them, and each key is wrong in its own way. Right files never come here, and large ones are nobody's settings.
"""

import re
from dataclasses import replace
from typing import Final

from maild.config.fault import Fault, LiteralSecret, MissingKey, Pointer, UnsupportedYaml, WrongType, YamlSyntax
from maild.config.foreign import ForeignFile
from maild.config.load import LoadedAccount, LoadedSite
from maild.config.syntax_cause import SyntaxCause
from maild.diagnostics.lines import split_lines
from maild.rules.copied import copied_characters
from maild.rules.foreign.recognise import foreign_file, manifest
from maild.rules.line_marks import marked_lines
from maild.rules.lost_break import without_its_content
from maild.rules.placeholder import placeholders
from maild.rules.pointing import value_at
from maild.rules.question_mark import question_mark
from maild.rules.separators import Odd, keys_of, odd_ends, odd_separators

_LARGEST: Final = 32 * 1024
"""Characters; a hostile file has a million."""
_MOST_FAULTS: Final = 200
_ASSIGNED: Final = re.compile(r"(?:env|file|credential|command)[ \t]*=")
_OF_NOTATION: Final = frozenset(
    {
        "",
        SyntaxCause.NO_SPACE_AFTER_COLON,
        SyntaxCause.MISSING_COLON,
        SyntaxCause.INDENTATION,
        SyntaxCause.COLON_IN_VALUE,
    }
)


def with_cause(file: LoadedAccount | LoadedSite) -> LoadedAccount | LoadedSite:
    """The file with the fault that explains its others in their place, if there is such a one."""
    if len(file.text) > _LARGEST or len(file.faults) > _MOST_FAULTS:
        return file
    misread = _behind_question_marks(file)
    if misread:
        kept = (*misread, *(fault for fault in file.faults if isinstance(fault, LiteralSecret)))
        return _unread(file, kept)
    filled_in = frozenset(placeholders(file.document))
    if filled_in:
        file = replace(file, faults=tuple(fault for fault in file.faults if not _is_of(fault, filled_in)))
    keys = keys_of(is_account=isinstance(file, LoadedAccount))
    faults = (
        copied_characters(file.text, file.document, file.faults, keys)
        or _of_other_program(file)
        or _with_secrets(marked_lines(file, keys), file)
        or _in_other_notation(file, keys)
        or (None if isinstance(file, LoadedAccount) else without_its_content(file.document, file.faults))
    )
    if faults is None:
        return file
    if any(isinstance(fault, ForeignFile) for fault in faults):
        # What it has in common with a file of maild's says nothing either.
        return _unread(file, faults)
    return replace(file, faults=faults)


def _unread(file: LoadedAccount | LoadedSite, faults: tuple[Fault, ...]) -> LoadedAccount | LoadedSite:
    """The file as one of which nothing but these faults can be told."""
    if isinstance(file, LoadedAccount):
        return replace(file, faults=faults, document=None, draft=None)
    return replace(file, faults=faults, document=None)


def _behind_question_marks(file: LoadedAccount | LoadedSite) -> tuple[Fault, ...]:
    """The keys that are a whole line, since a `?` stands before it. All that the line says is missing then."""
    keys = (fault for fault in file.faults if isinstance(fault, UnsupportedYaml) and fault.kind == "key")
    lines = split_lines(file.text)
    return tuple(fault for fault in keys if question_mark(lines[fault.span.line - 1], fault.span.column) is not None)


def _is_of(fault: Fault, pointers: frozenset[Pointer]) -> bool:
    """Whether a fault only says that such a value is none, or what follows from that."""
    because = fault.because if isinstance(fault, MissingKey) else None
    return getattr(fault, "pointer", None) in pointers or because in pointers


def _of_other_program(file: LoadedAccount | LoadedSite) -> tuple[Fault, ...] | None:
    if isinstance(file, LoadedAccount):
        return foreign_file(file)
    made_of = manifest(file)
    return None if made_of is None else (made_of,)


def _in_other_notation(file: LoadedAccount | LoadedSite, keys: frozenset[str]) -> tuple[Fault, ...] | None:
    odd = odd_ends(file.text, keys) or (odd_separators(file.text, keys) if _is_misread(file) else ())
    return _with_secrets((_syntax(odd[0]),) if odd else None, file)


def _with_secrets(faults: tuple[Fault, ...] | None, file: LoadedAccount | LoadedSite) -> tuple[Fault, ...] | None:
    if faults is None:
        return None
    secrets = (fault for fault in file.faults if isinstance(fault, LiteralSecret))
    return (*faults, *(fault for fault in secrets if not _is_reference(value_at(file.document, fault.pointer))))


def _is_reference(value: object) -> bool:
    """Whether it is only the other notation that makes something else of a reference: `{env = NAME}`."""
    return isinstance(value, dict) and len(value) == 1 and _ASSIGNED.match(str(*value)) is not None


def _is_misread(file: LoadedAccount | LoadedSite) -> bool:
    """Whether lines became a text, or none at all."""
    document = file.document
    return any(
        (isinstance(fault, YamlSyntax) and fault.cause in _OF_NOTATION)
        or (
            isinstance(fault, WrongType)
            and "a mapping" in fault.expected
            and document is not None
            and isinstance(document.value_at(fault.pointer), str)
        )
        for fault in file.faults
    )


def _syntax(odd: Odd) -> YamlSyntax:
    return YamlSyntax(span=odd.shown, problem="found another notation", cause=odd.cause)

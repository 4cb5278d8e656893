"""Finds the one mistake that explains all that was found in a file: it is said, and what follows from it is not. Pure.

A file of another program, characters copied from print, lines in another notation: the parser stumbles over what comes
of them, and each key is wrong in its own way. Right files never come here, and large ones are nobody's settings.
"""

from dataclasses import replace
from typing import Final

from maild.config.fault import Fault, LiteralSecret, WrongType, YamlSyntax
from maild.config.foreign import ForeignFile
from maild.config.load import LoadedAccount, LoadedSite
from maild.config.syntax_cause import SyntaxCause
from maild.rules.copied import copied_characters
from maild.rules.foreign.recognise import foreign_file
from maild.rules.separators import Odd, keys_of, odd_ends, odd_separators

_LARGEST: Final = 32 * 1024
"""Characters; a hostile file has a million."""
_MOST_FAULTS: Final = 200
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
    keys = keys_of(is_account=isinstance(file, LoadedAccount))
    faults = (
        copied_characters(file.text, file.document, file.faults, keys)
        or _of_other_program(file)
        or _in_other_notation(file, keys)
    )
    if faults is None:
        return file
    if isinstance(file, LoadedAccount) and any(isinstance(fault, ForeignFile) for fault in faults):
        # What it has in common with a file of maild's says nothing either.
        return replace(file, faults=faults, document=None, draft=None)
    return replace(file, faults=faults)


def _of_other_program(file: LoadedAccount | LoadedSite) -> tuple[Fault, ...] | None:
    return foreign_file(file) if isinstance(file, LoadedAccount) else None


def _in_other_notation(file: LoadedAccount | LoadedSite, keys: frozenset[str]) -> tuple[Fault, ...] | None:
    odd = odd_ends(file.text, keys) or (odd_separators(file.text, keys) if _is_misread(file) else ())
    return None if not odd else (_syntax(odd[0]), *(fault for fault in file.faults if isinstance(fault, LiteralSecret)))


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

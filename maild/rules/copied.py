"""Finds what web pages and word processors put where YAML wants a plain character: blanks, colons and quotes. Pure.

A blank that does not break indents nothing, a wide colon ends no key, and printed quotes are letters. What the parser
then says is about something else, a line further down or at the next bracket, so the file is looked at here as text.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Final

from maild.config.document import Document
from maild.config.fault import Fault, LiteralSecret, UnknownKey, WrongType, YamlSyntax
from maild.config.foreign import Copied, CopiedCharacters, CopiedKind
from maild.config.password import PASSWORD
from maild.diagnostics import Span
from maild.diagnostics.lines import split_lines

_UNSEEN: Final = "\xa0\xad\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
_ZERO_WIDTH: Final = re.compile("[\xad\u200b\u2060\ufeff]")
_INDENTED: Final = re.compile(rf"(?P<wrong>[ ]*[{_UNSEEN}][ {_UNSEEN}]*)(?=[^\s#])")
_QUOTED: Final = re.compile(
    "[\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab](.*)[\u201c\u201d\u2018\u2019\u00bb\u00ab]"
)
_COMMAND: Final = re.compile(r".*/password/command", re.DOTALL)
_OF_STRUCTURE: Final = (YamlSyntax, UnknownKey, WrongType)


def copied_characters(
    text: str, document: Document | None, faults: Collection[Fault], keys: frozenset[str]
) -> tuple[Fault, ...] | None:
    """The faults with those that such characters explain as one; None where there are no such characters.

    Args:
        text: the file.
        document: what was read of it.
        faults: what is wrong with it.
        keys: the keys that such a file can have.
    """
    # `{env:\u00a0NAME}` is a mapping that may be the secret, as long as nobody knows that the blank is none.
    password = None if document is None else document.value_at(PASSWORD)
    if isinstance(password, dict) or any(isinstance(fault, _OF_STRUCTURE) for fault in faults):
        places = tuple(_in_structure(text, keys))
        if places:
            secrets = (fault for fault in faults if isinstance(fault, LiteralSecret) and isinstance(password, str))
            return (CopiedCharacters(places=places), *secrets)
    quoted = {} if document is None else {fault: place for fault in faults if (place := _quotes(document, fault))}
    if not quoted:
        return None
    rest = tuple(fault for fault in faults if fault not in quoted)
    return (CopiedCharacters(places=tuple(dict.fromkeys(quoted.values()))), *rest)


def _in_structure(text: str, keys: frozenset[str]) -> Iterator[Copied]:
    for number, line in enumerate(split_lines(text), start=1):
        if line.isascii() or line.lstrip().startswith("#"):
            continue
        indented = _INDENTED.match(line)
        if indented is not None:
            blanks = _ZERO_WIDTH.sub("", indented["wrong"])
            yield _copied(number, indented.span("wrong"), " " * len(blanks), CopiedKind.BLANK)
        for found in _after_key(keys).finditer(line):
            kind = CopiedKind.COLON if "\uff1a" in found["wrong"] else CopiedKind.BLANK
            yield _copied(number, found.span("wrong"), ": ", kind)


@cache
def _after_key(keys: frozenset[str]) -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, keys)))
    blanks = rf"[ \t{_UNSEEN}]"
    return re.compile(
        rf"""(?<![\w-])(?:{words})["']?(?P<wrong>{blanks}*\uff1a{blanks}*|:[{_UNSEEN}]{blanks}*"""
        rf"|[{_UNSEEN}]{blanks}*:{blanks}+)",
        re.IGNORECASE,
    )


def _quotes(document: Document, fault: Fault) -> Copied | None:
    """The value of a fault, when it stands in printed quotes."""
    pointer = getattr(fault, "pointer", None)
    # Of a password in such quotes nothing is repeated, and a key that is none is no better without them.
    if pointer is None or isinstance(fault, UnknownKey | LiteralSecret) or _COMMAND.fullmatch(pointer) is not None:
        return None
    mark = document.marks.get(pointer)
    if mark is None or mark.style != "plain" or mark.raw is None or mark.value.line != mark.value.end_line:
        return None
    found = _QUOTED.fullmatch(mark.raw)
    if found is None or '"' in found[1] or "\\" in found[1]:
        return None
    return Copied(span=mark.value, kind=CopiedKind.QUOTE, meant=f'"{found[1]}"')


def _copied(number: int, place: tuple[int, int], meant: str, kind: CopiedKind) -> Copied:
    start, end = place
    span = Span(line=number, column=start + 1, end_line=number, end_column=end + 1)
    return Copied(span=span, kind=kind, meant=meant)

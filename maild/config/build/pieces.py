"""Pieces of one text that a character too many cut in two: each looks like a mistake, and there was one. Pure.

{heade,r: {X-Class: bulk}}     two keys, one without a value
[127.0,.0.1:9725]              two entries
accounts:                      no value, and below it a key of the name "-"
-: shop
"""

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Final

from maild.config.document import Document, parent_pointer
from maild.config.fault import Fault, Pointer, UnknownKey, WrongType
from maild.diagnostics.fix import index_of

# People write a blank behind a comma that they mean.
_COMMA: Final = re.compile(r"[ \t]*,")


def needless_pointers(document: Document, faults: Collection[Fault]) -> frozenset[Pointer]:
    """Of such pieces all but the one that speaks of the mistake."""
    wrong = {pointer for fault in faults if (pointer := getattr(fault, "pointer", None)) is not None}
    return frozenset(_needless(document, faults, wrong)) if len(wrong) > 1 else frozenset()


def _needless(document: Document, faults: Collection[Fault], wrong: Collection[Pointer]) -> Iterator[Pointer]:
    dashes = {fault.pointer for fault in faults if isinstance(fault, UnknownKey) and fault.key == "-"}
    empty = {fault.pointer for fault in faults if isinstance(fault, WrongType) and fault.found == "nothing"}
    members: dict[Pointer, list[Pointer]] = {}
    for pointer in document.marks:
        members.setdefault(parent_pointer(pointer), []).append(pointer)
    for pointers in members.values():
        for before, pointer in pairwise(pointers):
            if pointer in dashes and before in empty:
                yield before
            elif pointer in wrong and before in wrong and _is_cut(document, before, pointer):
                yield pointer


def _is_cut(document: Document, before: Pointer, pointer: Pointer) -> bool:
    index = index_of(document.text)
    _, end = index.range_of(document.marks[before].value)
    start, _ = index.range_of(document.key_span(pointer))
    return _COMMA.fullmatch(document.text, end, start) is not None

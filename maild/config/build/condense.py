"""Drops the faults that only follow from another one: one mistake, one message."""

from collections.abc import Iterable, Iterator
from typing import Final

from maild.config.build.pieces import needless_pointers
from maild.config.document import Document, join_pointer, parent_pointer
from maild.config.fault import (
    MERGE_KEY,
    DependentKeyMissing,
    Fault,
    InvalidEmail,
    InvalidText,
    LiteralSecret,
    MissingKey,
    OutOfRange,
    Pointer,
    UnknownKey,
    WrongType,
)

_ROOT: Final = Pointer("")
_OF_VALUES: Final = (InvalidEmail, InvalidText, OutOfRange, WrongType)


def condense(document: Document, faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults that a person has to mend, in their order, without doubles.

    With a value of the wrong kind, a secret in the file or a value that could not be read, nothing else is said at or
    below it. A key that is missing is not reported when a key that must be it stands there misspelt, or when the value
    that demands it is wrong. Of pieces that a stray comma made, one is reported.
    """
    every = tuple(dict.fromkeys(faults))
    blockers = {fault.pointer: fault for fault in every if isinstance(fault, WrongType | LiteralSecret)}
    doubtful = {fault.pointer for fault in every if isinstance(fault, _OF_VALUES)}
    misspelt = [fault for fault in every if isinstance(fault, UnknownKey)]
    strange = frozenset(_strange_mappings(document, misspelt))
    needless = needless_pointers(document, every)
    wants_username = any(
        (isinstance(fault, DependentKeyMissing) and fault.needs == "username")
        or (isinstance(fault, UnknownKey) and parent_pointer(fault.pointer) == _ROOT and is_near(fault.key, "username"))
        for fault in every
    )
    return tuple(
        fault
        for fault in every
        if not _is_blocked(fault, blockers, document.unread)
        and not _is_misspelt(fault, misspelt)
        and not (wants_username and _is_email_of_nobody(fault))
        and not (isinstance(fault, MissingKey) and (fault.because in doubtful or fault.pointer in strange))
        and not (isinstance(fault, DependentKeyMissing) and parent_pointer(fault.pointer) in strange)
        and getattr(fault, "pointer", None) not in needless
    )


def _strange_mappings(document: Document, unknown: list[UnknownKey]) -> Iterator[Pointer]:
    """Those with one key, which is none of ours, or with `<<`: where something else was meant, nothing is missed."""
    for fault in unknown:
        around = parent_pointer(fault.pointer)
        mapping = document.value_at(around)
        if fault.key == MERGE_KEY or (around != _ROOT and isinstance(mapping, dict) and len(mapping) == 1):
            yield around


def _is_blocked(fault: Fault, blockers: dict[Pointer, WrongType | LiteralSecret], unread: frozenset[Pointer]) -> bool:
    pointer: Pointer | None = getattr(fault, "pointer", None)
    if pointer is None:
        return False
    while True:
        blocker = blockers.get(pointer)
        # Of two at one place, the secret is the one to speak of.
        is_lesser = isinstance(blocker, WrongType) and isinstance(fault, LiteralSecret)
        if pointer in unread or (blocker is not None and blocker != fault and not is_lesser):
            return True
        if pointer == _ROOT:
            return False
        pointer = parent_pointer(pointer)


def _is_misspelt(fault: Fault, unknown: list[UnknownKey]) -> bool:
    match fault:
        case MissingKey(pointer=place, key=key):
            pass
        case DependentKeyMissing(pointer=pointer, needs=key):
            place = parent_pointer(pointer)
        case _:
            return False
    return any(found.pointer == join_pointer(place, found.key) and is_near(found.key, key) for found in unknown)


def _is_email_of_nobody(fault: Fault) -> bool:
    # The user name that is missing will most likely be the address.
    return isinstance(fault, MissingKey) and fault.key == "email" and fault.because is None


def is_near(written: str, meant: str) -> bool:
    """Whether one word is most likely the other with a slip or two of the fingers."""
    left, right = _fold(written), _fold(meant)
    return _distance(left[:40], right) <= (1 if len(right) <= 4 else 2)


def _fold(word: str) -> str:
    return word.lower().replace("-", "").replace("_", "").replace(" ", "")


def _distance(left: str, right: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours that make one of the other."""
    before, row = [0] * (len(right) + 1), list(range(len(right) + 1))
    for i, char in enumerate(left, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != other))
            if i > 1 and j > 1 and char == right[j - 2] and left[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]

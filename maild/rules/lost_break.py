"""A line break that was lost between an entry of a list and the group that follows: `- ML302log:`. Pure.

YAML reads a group as the entry, and what was in the group that follows as part of what the list stands in.
"""

import re
from dataclasses import dataclass
from typing import Final

from maild.config.document import Document
from maild.config.fault import Fault, Pointer, UnknownKey, WrongType
from maild.config.schema import Shape, known_keys
from maild.rules.pointing import key_of, parent

_ROOT: Final = Pointer("")


@dataclass(frozen=True, slots=True, kw_only=True)
class LostBreak:
    """The entry as it was meant, the key behind it, and the pointer of the entry."""

    pointer: Pointer
    entry: str
    key: str


def lost_break(document: Document | None, fault: WrongType) -> LostBreak | None:
    """What was meant by a list's entry that is a group; None where it is something else."""
    value = None if document is None else document.value_at(fault.pointer)
    if "text" not in fault.expected or not key_of(fault.pointer).isdecimal() or not isinstance(value, dict):
        return None
    known = sorted(known_keys(Shape.SITE)[_ROOT], key=len, reverse=True)
    found = re.fullmatch(rf"(\w[\w-]*?)[ -]*({'|'.join(map(re.escape, known))})", next(iter(value), ""))
    return None if found is None else LostBreak(pointer=fault.pointer, entry=found[1], key=found[2])


def without_its_content(document: Document | None, faults: tuple[Fault, ...]) -> tuple[Fault, ...] | None:
    """The faults without those of keys that belong to the group behind a lost break; None where there is none."""
    lost = [
        found for fault in faults if isinstance(fault, WrongType) and (found := lost_break(document, fault)) is not None
    ]
    if not lost:
        return None
    astray = {(parent(parent(one.pointer)), key) for one in lost for key in _keys_below(one.key)}
    return tuple(
        fault
        for fault in faults
        if not (isinstance(fault, UnknownKey) and (parent(fault.pointer), fault.key) in astray)
    )


def _keys_below(key: str) -> tuple[str, ...]:
    return known_keys(Shape.SITE).get(Pointer(f"/{key}"), ())

"""Lines that stand too far left: right below an empty key whose content they are. Pure.

header:
X-Class: bulk

Only where what stands there fits nowhere else: below a key of free names (headers, codes of rules), and as an entry of
a list in which it makes no sense. A comment on a line of its own between the two hides it.
"""

from collections.abc import Callable, Mapping

from maild.config.fault import Pointer, UnknownKey, WrongType
from maild.config.schema import Shape, known_keys
from maild.rules.pointing import key_of, parent, pattern_of
from maild.rules.subject import Subject


def free_key_above(subject: Subject, unknown: UnknownKey) -> Pointer | None:
    """The empty key of free names that an unknown key stands right below, with others like it between them."""
    empty = _empty_keys(subject, _has_free_names)
    if not empty:
        return None
    here = parent(unknown.pointer)
    beside = (fault.pointer for fault in subject.faults(UnknownKey) if parent(fault.pointer) == here)
    return _above(subject, unknown.pointer, beside=frozenset(_lines(subject, *beside)), empty=empty)


def free_key_anywhere(subject: Subject, unknown: UnknownKey) -> Pointer | None:
    """The only empty key of free names, for a key in capitals, which none of maild's is: a header's name, a rule's."""
    if unknown.key == unknown.key.lower():
        return None
    empty = list(_empty_keys(subject, _has_free_names).values())
    return empty[0] if len(empty) == 1 else None


def empty_list_above(subject: Subject, entry: WrongType) -> Pointer | None:
    """The empty key of the entry before that a text among groups of keys belongs to: `accounts:` above `- shop`."""
    if not _is_text_among_groups(entry):
        return None
    around = parent(entry.pointer)
    empty = _empty_keys(subject, lambda fault: "a list" in fault.expected and fault.pointer.startswith(f"{around}/"))
    texts = (
        fault.pointer
        for fault in subject.faults(WrongType)
        if empty and parent(fault.pointer) == around and _is_text_among_groups(fault)
    )
    return _above(subject, entry.pointer, beside=frozenset(_lines(subject, *texts)), empty=empty)


def is_above_stray_entry(subject: Subject, empty: Pointer) -> bool:
    """Whether what belongs below an empty key stands there too far left, as an entry of the list around."""
    return any(empty_list_above(subject, fault) == empty for fault in subject.faults(WrongType))


def _is_text_among_groups(fault: WrongType) -> bool:
    return fault.expected == ("a mapping",) and fault.found == "text" and key_of(fault.pointer).isdecimal()


def _has_free_names(fault: WrongType) -> bool:
    is_known = any(pattern_of(fault.pointer) in known_keys(shape) for shape in Shape)
    return "a mapping" in fault.expected and not is_known


def _empty_keys(subject: Subject, is_meant: Callable[[WrongType], bool]) -> Mapping[int, Pointer]:
    """The keys without a value that are meant, by their lines."""
    empty = [fault.pointer for fault in subject.faults(WrongType) if fault.found == "nothing" and is_meant(fault)]
    return dict(zip(_lines(subject, *empty), empty, strict=True))


def _lines(subject: Subject, *pointers: Pointer) -> list[int]:
    document = subject.loaded.document
    return [] if document is None else [document.key_span(pointer).line for pointer in pointers]


def _above(
    subject: Subject, pointer: Pointer, *, beside: frozenset[int], empty: Mapping[int, Pointer]
) -> Pointer | None:
    line = next(iter(_lines(subject, pointer)), 0) - 1
    while line in beside:
        line -= 1
    return empty.get(line)

"""Whether it can be told what a key comes to. Pure.

A rule that goes by a key's value, or by its default, has nothing to say while the value is wrong or the key is there
under another name: whatever it says would only follow from that mistake, which another rule speaks of.
"""

from maild.config.fault import (
    DependentKeyMissing,
    KeyOfOtherProtocol,
    MissingKey,
    MutuallyExclusive,
    Pointer,
    UnknownKey,
)
from maild.rules.pointing import with_parents
from maild.rules.subject import Subject

_ABOUT_OTHER_KEYS = (DependentKeyMissing, KeyOfOtherProtocol, MissingKey, MutuallyExclusive, UnknownKey)


def is_unsettled(subject: Subject, pointer: Pointer) -> bool:
    """Whether this key, or one around it, has a mistake in it or stands there under another name or elsewhere."""
    return not unsettled_places(subject).isdisjoint(with_parents(pointer))


def unsettled_places(subject: Subject) -> frozenset[Pointer | None]:
    """The keys with a mistake in their values, and those that stand there under another name or elsewhere."""
    document, faults = subject.loaded.document, subject.loaded.faults
    if not faults:
        return frozenset() if document is None else document.unread
    from maild.rules.suggestion import meant_places  # noqa: PLC0415 -- with all that other programs call things

    wrong: set[Pointer | None] = {
        getattr(fault, "pointer", None) for fault in faults if not isinstance(fault, _ABOUT_OTHER_KEYS)
    }
    unread = frozenset[Pointer]() if document is None else document.unread
    return frozenset(wrong.union(unread, meant_places(subject)))

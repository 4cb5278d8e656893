"""Which key a person meant who wrote one that maild does not know, and where it belongs. Pure."""

from collections.abc import Iterable, Iterator

from maild.config.fault import HostWithExtras, Pointer, UnknownKey
from maild.rules.pointing import key_of, parent, pattern_of
from maild.rules.spelling import fold, nearest
from maild.rules.subject import Subject
from maild.rules.vocabulary import ACCOUNT_KEYS, ACCOUNT_SYNONYMS, SITE_KEYS, SITE_SYNONYMS


def meant_key(subject: Subject, unknown: UnknownKey) -> Pointer | None:
    """The place of the key that was meant, None when nothing is near enough.

    What is alike but for case comes first, then a word of another program, then a right key at the wrong level, and
    typing mistakes last; the level that the key stands at always before other levels.
    """
    here = parent(unknown.pointer)
    keys, synonyms = (ACCOUNT_KEYS, ACCOUNT_SYNONYMS) if subject.is_account else (SITE_KEYS, SITE_SYNONYMS)
    elsewhere = tuple(_reachable(subject, keys))
    foreign = tuple(_reachable(subject, synonyms.get(fold(unknown.key), ())))
    local = next((key for key in unknown.allowed if fold(key) == fold(unknown.key)), None)
    if local is None:
        local = next((key_of(target) for target in foreign if _stands(target, here, unknown)), None)
    if local is None:
        exact = [target for target in elsewhere if fold(key_of(target)) == fold(unknown.key)]
        if exact or foreign:
            return [*exact, *foreign][0]
        local = nearest(unknown.key, unknown.allowed)
    if local is not None:
        return Pointer(f"{here}/{local}")
    name = nearest(unknown.key, (key_of(target) for target in elsewhere))
    return next((target for target in elsewhere if key_of(target) == name), None)


def meant_keys(subject: Subject) -> frozenset[Pointer]:
    """Every key that is there under another name or at another level, with the mappings around it.

    Nobody is told that `host` is missing who is told to write `host` for `hots` already.
    """
    meant = [meant_key(subject, unknown) for unknown in subject.faults(UnknownKey)]
    meant += [Pointer(f"{parent(fault.pointer)}/port") for fault in subject.faults(HostWithExtras) if fault.port]
    return frozenset(around for pointer in meant if pointer is not None for around in _with_parents(pointer))


def _reachable(subject: Subject, pointers: Iterable[Pointer]) -> Iterator[Pointer]:
    """Those that do not belong to the protocol that was not chosen."""
    closed = {"smtp": "/http", "http": "/smtp"}.get(str(subject.draft.protocol))
    return (pointer for pointer in pointers if not (closed and (pointer + "/").startswith(closed + "/")))


def _stands(target: Pointer, here: Pointer, unknown: UnknownKey) -> bool:
    return parent(target) == pattern_of(here) and key_of(target) in unknown.allowed


def _with_parents(pointer: Pointer) -> Iterator[Pointer]:
    while pointer:
        yield pointer
        pointer = parent(pointer)

"""Which key a person meant who wrote one that maild does not know, and where it belongs. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from maild.config.document import join_pointer
from maild.config.fault import HostWithExtras, MissingKey, Pointer, UnknownKey, WrongType
from maild.config.schema import Shape, known_keys
from maild.config.schema.validate import shape_of_http
from maild.providers.naming import CompanyServer, server_of_company
from maild.rules.kind import login_places
from maild.rules.pointing import key_of, parent, path_of, pattern_of, with_parents
from maild.rules.spelling import distance, fold, nearest
from maild.rules.stray import free_key_above, free_key_anywhere
from maild.rules.subject import Subject
from maild.rules.vocabulary import SITE_SYNONYMS, foreign_places
from maild.rules.words import code

SMTP: Final = Pointer("/smtp")
_PROTOCOL: Final = Pointer("/protocol")
_COMPANY_WORDS: Final = frozenset({"service", "provider", "mailservice", "mailprovider", "emailprovider"})
_LINT: Final = Pointer("/lint")
_RULE: Final = re.compile(r"ML[0-9]{3}")
_OF_ACCOUNT: Final = frozenset({"protocol", "smtp", "http", "username"})
_LOGIN: Final = "/proxy_login/"
_QUEUE: Final = Pointer("/spool/queue")
_QUEUE_PASSWORD: Final = Pointer("/spool/password")
_GLUE: Final = re.compile(r"[:=\s]")
_MOST_GUESSED: Final = 100
"""Guessing takes milliseconds a key, and a file with more unknown keys than this is none of ours."""


def meant_key(subject: Subject, unknown: UnknownKey) -> Pointer | None:
    """The place of the key that was meant, None when nothing is near enough.

    What is alike but for case comes first, then a word of another program, then a right key at the wrong level, and
    typing mistakes last; the level that the key stands at always before other levels.
    """
    if next(islice(subject.faults(UnknownKey), _MOST_GUESSED, None), None) is not None:
        return None
    here, word = parent(unknown.pointer), fold(unknown.key)
    if _is_of_account(subject, unknown):
        return None
    certain = _certain_place(subject, unknown)
    if certain is not None:
        return certain
    places = _places(subject)
    foreign = list(foreign_places(word) if subject.is_account else SITE_SYNONYMS.get(word, ()))
    # `method: POST` below `http` is none for `protocol`, which stands there already.
    foreign = [
        place for place in foreign if place in places and not (here and place == _PROTOCOL and subject.has(place))
    ]
    same_level = [key for key in unknown.allowed if fold(key) == word]
    same_level += [key_of(place) for place in foreign if parent(place) == pattern_of(here)]
    if not same_level:
        # Of a proxy's login people speak last: `file` is meant below `password`.
        own = sorted((place for place in places if fold(key_of(place)) == word), key=lambda place: _LOGIN in place)
        other_level = own + foreign
        if other_level:
            return _with_its_siblings(subject, here, other_level, frozenset(places))
        there = subject.value(here)
        absent = [key for key in unknown.allowed if not isinstance(there, dict) or key not in there]
        # Nobody writes a key twice who has mistyped one.
        same_level = [key for key in (nearest(unknown.key, absent) or nearest(unknown.key, unknown.allowed),) if key]
    if same_level:
        return join_pointer(here, same_level[0])
    name = nearest(unknown.key, (key_of(place) for place in places))
    name = name if name is not None and _is_near_enough(word, name) else None
    free = free_key_anywhere(subject, unknown) if name is None else None
    elsewhere = next((place for place in places if key_of(place) == name), None)
    return elsewhere if free is None else join_pointer(free, unknown.key)


def _is_of_account(subject: Subject, unknown: UnknownKey) -> bool:
    """Whether it belongs into another file, with the keys of an account around it that maild.yaml has nowhere."""
    beside = {fault.key for fault in subject.faults(UnknownKey) if not parent(fault.pointer)}
    is_there = not subject.is_account and unknown.key in beside and not parent(unknown.pointer)
    return is_there and len(beside & _OF_ACCOUNT) > 1 and unknown.key in known_keys(Shape.SMTP)[Pointer("")]


def _is_near_enough(word: str, name: str) -> bool:
    """Whether one of the many words of all levels is so near that it cannot be chance: `comment` is no `command`."""
    return fold(name).startswith(word) or distance(word, fold(name)) <= max(1, len(word) // 5)


def _certain_place(subject: Subject, unknown: UnknownKey) -> Pointer | None:
    """The place that something else than the key's name tells."""
    here, glued = parent(unknown.pointer), glued_key(unknown)
    if glued is not None:
        return join_pointer(here, glued)
    free = free_key_above(subject, unknown)
    if free is not None:
        return join_pointer(free, unknown.key)
    if here == _LINT and _RULE.fullmatch(unknown.key) is not None:
        return join_pointer(Pointer(f"{_LINT}/severity"), unknown.key)
    if names_company(subject, unknown):
        return SMTP
    # Of all entries of lists the one that lacks it.
    missing = [] if subject.is_account else [one for one in subject.faults(MissingKey) if _lacks(one, unknown.key)]
    return join_pointer(missing[0].pointer, missing[0].key) if len(missing) == 1 else None


def _lacks(fault: MissingKey, word: str) -> bool:
    """Whether the key that is missing goes by this name, or by this word of others."""
    place = pattern_of(join_pointer(fault.pointer, fault.key))
    return fault.key == word or place in SITE_SYNONYMS.get(fold(word), ())


def names_company(subject: Subject, unknown: UnknownKey) -> bool:
    """Whether a company stands at the top of an account instead of `smtp`: `service: gmail`."""
    is_instead = subject.draft.protocol == "smtp" and not subject.has(SMTP) and not parent(unknown.pointer)
    return is_instead and fold(unknown.key) in _COMPANY_WORDS and isinstance(subject.value(unknown.pointer), str)


def named_company(subject: Subject, unknown: UnknownKey) -> CompanyServer | None:
    """The server of that company, where its name is one that is known."""
    return server_of_company(str(subject.value(unknown.pointer))) if names_company(subject, unknown) else None


def _with_its_siblings(
    subject: Subject, here: Pointer, candidates: Sequence[Pointer], places: frozenset[Pointer]
) -> Pointer:
    """The one of these places where most of the unknown keys beside it can stand as well: they went astray together."""
    beside = [fault.key for fault in subject.faults(UnknownKey) if parent(fault.pointer) == here]
    return max(candidates, key=lambda place: sum(join_pointer(parent(place), key) in places for key in beside))


def glued_key(unknown: UnknownKey) -> str | None:
    """The key that became one word with its value: `host:mail.example`, `host=mail.example`, `host mail.example`."""
    key = _GLUE.split(unknown.key, maxsplit=1)[0]
    return key if key != unknown.key and key in unknown.allowed else None


def is_misplaced(unknown: UnknownKey, meant: Pointer) -> bool:
    """Whether the key is right, and only stands in the wrong place."""
    return key_of(meant) == unknown.key and parent(meant) != pattern_of(parent(unknown.pointer))


def level_of(pointer: Pointer) -> str:
    """The place of keys in a sentence: "under `smtp.tls`", and of those in a list "under `routes[…]`"."""
    return f"under {code(path_of(pointer).replace('.*', '[…]'))}" if pointer else "at the top level of the file"


def meant_keys(subject: Subject) -> frozenset[Pointer]:
    """Every key that is there under another name or at another level, with the mappings around it.

    Nobody is told that `host` is missing who is told to write `host` for `hots` already.
    """
    return frozenset(around for pointer in meant_places(subject) for around in with_parents(pointer))


def meant_places(subject: Subject) -> frozenset[Pointer]:
    """The same without the mappings around; `*` for the number of a list's entry."""
    meant = [meant_key(subject, unknown) for unknown in subject.faults(UnknownKey)]
    meant += [join_pointer(parent(fault.pointer), "port") for fault in subject.faults(HostWithExtras) if fault.port]
    meant += _below_auth(subject)
    for unknown in subject.faults(UnknownKey):
        meant += (join_pointer(Pointer(""), key) for key in wrapped_keys(subject, unknown))
    return frozenset(pointer for pointer in meant if pointer is not None)


def wrapped_keys(subject: Subject, unknown: UnknownKey) -> frozenset[str]:
    """The keys of an account that somebody put below a name of its own, or into a list; none where it is no such."""
    if not subject.is_account or parent(unknown.pointer):
        return frozenset()
    value = subject.value(unknown.pointer)
    entries = value[:1] if isinstance(value, list) else [value]
    if isinstance(value, dict):
        # Or below a name that stands below it: `accounts: {shop: {protocol: smtp, …}}`.
        entries += [account for account in value.values() if isinstance(account, dict)][:1]
    known = {key for shape in (Shape.SMTP, Shape.HTTP) for key in known_keys(shape)[Pointer("")]}
    keys = frozenset(key for entry in entries if isinstance(entry, dict) for key in entry if key in known)
    return keys if len(keys) > 1 else frozenset()


def _below_auth(subject: Subject) -> Iterator[Pointer]:
    """The login that nodemailer and the like have below `auth`."""
    for fault in subject.faults(WrongType):
        value = subject.value(fault.pointer) if fault.pointer == "/smtp/auth" else None
        if isinstance(value, dict):
            yield from login_places(value)


def has_members_elsewhere(subject: Subject, pointer: Pointer) -> bool:
    """Whether a key that belongs below this one is there, under another name or at another level."""
    return any(pattern_of(place).startswith(f"{pattern_of(pointer)}/") for place in meant_places(subject))


def _places(subject: Subject) -> tuple[Pointer, ...]:
    """Every key that the file can have, by its place; with an unknown protocol those of both."""
    match subject.draft.protocol:
        case _ if not subject.is_account:
            shapes: tuple[Shape, ...] = (Shape.SITE,)
        case None:
            shapes = (Shape.SMTP, Shape.HTTP)
        case "http":
            # Not by the kind of the draft: it has none where the key of that kind is the one that is misspelt.
            value = subject.value(Pointer(""))
            shapes = (shape_of_http(value if isinstance(value, dict) else {}),)
        case protocol:
            shapes = (Shape(protocol),)
    levels = (level for shape in shapes for level in known_keys(shape).items())
    places = dict.fromkeys(join_pointer(pointer, key) for pointer, keys in levels for key in keys)
    if not subject.is_account and not subject.has(_QUEUE):
        # Who shares no queue means an account's password.
        return tuple(place for place in places if not place.startswith(_QUEUE_PASSWORD))
    return tuple(places)

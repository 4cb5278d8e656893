"""A right key in the wrong place.

## What it finds
Keys of maild that stand under another key than they belong to, such as `verify` at the top level.

## Why it matters
Where it stands, nothing reads it, so the setting is not in force.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
verify: true
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465, tls: {verify: true}}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- `maild schema account` and `maild schema maild`: every key and where it belongs
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from maild.config.fault import Pointer, UnknownKey
from maild.diagnostics import Fix, Severity
from maild.diagnostics.fix import index_of
from maild.rules.finding import AtKey, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.moving import indent_below, move_keys
from maild.rules.pointing import key_of, parent
from maild.rules.routing.ml613_retry_on_auth_failure import is_about_logins
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.suggestion import is_misplaced, level_of, meant_key
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML206",
    name="key-wrong-level",
    severity=Severity.ERROR,
    summary="A right key in the wrong place.",
    is_fixed=True,
)


_MOST_NAMED: Final = 10


def check(subject: Subject) -> Iterator[Finding]:
    """Each such key, and where it belongs; keys that went astray together are one finding, at the first of them."""
    together: dict[tuple[Pointer, Pointer], list[UnknownKey]] = {}
    heads: set[Pointer] = set()
    for fault in subject.faults(UnknownKey):
        meant = meant_key(subject, fault)
        if meant is not None and is_misplaced(fault, meant) and not is_about_logins(fault.key):
            if subject.value(fault.pointer) is None:
                heads.add(meant)
            together.setdefault((parent(fault.pointer), parent(meant)), []).append(fault)
    for (here, there), faults in together.items():
        # Of an empty key that is not where it belongs, the content is not either.
        if there not in heads:
            yield _finding(subject, faults, here, there)


def _finding(subject: Subject, faults: list[UnknownKey], here: Pointer, there: Pointer) -> Finding:
    places = [fault.pointer for fault in faults]
    keys = listed([code(fault.key) for fault in faults[:_MOST_NAMED]], "and")
    is_one = len(faults) == 1
    indented = indent_below(subject, places, there)
    move = (
        _doubled(places[0], here)
        or _unindent(subject, places[0], there)
        or _open(subject, places, here, there)
        or f"Move {'it' if is_one else 'them'}: {keys} {'belongs' if is_one else 'belong'} {level_of(there)}."
    )
    head = "" if subject.has(there) else f"{code(key_of(there) + ':')} on a line of its own, and "
    indent = (
        f"Write {head}two spaces before {keys}, so that {'it stands' if is_one else 'they stand'} {level_of(there)}."
    )
    return Finding(
        message=f"The {'key' if is_one else 'keys'} {keys} {'has' if is_one else 'have'} no effect {level_of(here)}.",
        place=AtKey(pointer=places[0]),
        help=move if indented is None else indent,
        because=tuple(Because(place=AtKey(pointer=place), message="and this") for place in places[1:_MOST_NAMED]),
        fix=_move(subject, places, there) if indented is None else indented,
    )


def _move(subject: Subject, places: list[Pointer], there: Pointer) -> Fix | None:
    # An empty key is no better elsewhere.
    has_empty = any(subject.value(place) is None for place in places)
    return None if has_empty else move_keys(subject, places, there)


def _doubled(place: Pointer, here: Pointer) -> str:
    """What to do where a key stands below itself, written or pasted twice; "" where it is not so."""
    if key_of(place) != key_of(here) or not here:
        return ""
    key = code(f"{key_of(place)}:")
    return f"Delete the second {key}, and let the lines below it begin where it began."


def _unindent(subject: Subject, place: Pointer, there: Pointer) -> str:
    """What to do where an empty key of the top level is indented, so that its content stands beside it.

    "" where it is not so.
    """
    document = subject.loaded.document
    if document is None or there or subject.value(place) is not None:
        return ""
    span = document.key_span(place)
    if index_of(document.text).line(span.line)[: span.column - 1].strip():
        return ""
    return f"Delete the spaces before {code(key_of(place) + ':')}, so that it stands {level_of(there)}."


def _open(subject: Subject, places: list[Pointer], here: Pointer, there: Pointer) -> str:
    """What to do where the last keys of a mapping belong under a neighbour that is not there: its line is missing.

    "" where it is not so, or not in block style.
    """
    content, document = subject.value(here), subject.loaded.document
    is_neighbour = here and parent(there) == parent(here) and not subject.has(there)
    if document is None or not is_neighbour or not isinstance(content, dict):
        return ""
    lines = [document.key_span(pointer).line for pointer in (here, *places)]
    is_block = all(before < after for before, after in pairwise(lines))
    if not is_block or list(content)[-len(places) :] != [key_of(place) for place in places]:
        return ""
    return (
        f"Write {code(key_of(there) + ':')} on a line of its own above {code(key_of(places[0]))}, as far left as "
        f"{code(key_of(here) + ':')}."
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

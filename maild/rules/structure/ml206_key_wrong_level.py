"""A right key in the wrong place.

## What it finds
Keys of maild that stand under another key than they belong to, such as `verify` at the top level.

## Why it matters
Where it stands, nothing reads it, so the setting is not in force.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD}
verify: true
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465, tls: {verify: true}}
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## See
- `maild schema account` and `maild schema maild`: every key and where it belongs
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer, UnknownKey
from maild.diagnostics import Severity
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
    for fault in subject.faults(UnknownKey):
        meant = meant_key(subject, fault)
        if meant is not None and is_misplaced(fault, meant) and not is_about_logins(fault.key):
            together.setdefault((parent(fault.pointer), parent(meant)), []).append(fault)
    for (here, there), faults in together.items():
        yield _finding(subject, faults, here, there)


def _finding(subject: Subject, faults: list[UnknownKey], here: Pointer, there: Pointer) -> Finding:
    places = [fault.pointer for fault in faults]
    keys = listed([code(fault.key) for fault in faults[:_MOST_NAMED]], "and")
    is_one = len(faults) == 1
    indented = indent_below(subject, places, there)
    move = f"Move {'it' if is_one else 'them'}: {keys} {'belongs' if is_one else 'belong'} {level_of(there)}."
    head = "" if subject.has(there) else f"{code(key_of(there) + ':')} on a line of its own, and "
    indent = (
        f"Write {head}two spaces before {keys}, so that {'it stands' if is_one else 'they stand'} {level_of(there)}."
    )
    return Finding(
        message=f"The {'key' if is_one else 'keys'} {keys} {'has' if is_one else 'have'} no effect {level_of(here)}.",
        place=AtKey(pointer=places[0]),
        help=move if indented is None else indent,
        because=tuple(Because(place=AtKey(pointer=place), message="and this") for place in places[1:_MOST_NAMED]),
        fix=move_keys(subject, places, there) if indented is None else indented,
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

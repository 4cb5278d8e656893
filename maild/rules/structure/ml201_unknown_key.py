"""A key that maild does not know, mostly a slip of the finger.

## What it finds
Keys that nothing reads: misspelt ones, and words of other mail programs.

## Why it matters
A setting under a wrong name is a setting that is not in force. Somebody who writes `verfy: true` believes that
certificates are checked.

## Bad
```yaml
protocol: smtp
smtp: {hots: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- `maild schema account` and `maild schema maild`: every key that there is
"""

import re
from collections.abc import Iterator
from typing import Final

from maild.config.fault import MERGE_KEY, Pointer, UnknownKey
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import parent
from maild.rules.routing.ml613_retry_on_auth_failure import is_about_logins
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.suggestion import glued_key, is_misplaced, level_of, meant_key
from maild.rules.unknown import Mistake, Unknown, advise, fix_of, fix_of_several, other_file
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML201",
    name="unknown-key",
    severity=Severity.ERROR,
    summary="A key that maild does not know, mostly a slip of the finger.",
    faults=(UnknownKey,),
    is_fixed=True,
)

_MOST_NAMED: Final = 10

# ML118 speaks of these.
_UNSEEN: Final = re.compile("[\xa0\xad\u2007\u200b-\u200d\u202f\u2060\u3000\ufeff]")


def check(subject: Subject) -> Iterator[Finding]:
    """Each unknown key, with the one that was meant. Keys of one level with the same mistake are one finding."""
    alike: dict[tuple[Pointer, str, Pointer | None], list[Unknown]] = {}
    for fault in subject.faults(UnknownKey):
        if is_about_logins(fault.key) or fault.key == MERGE_KEY or _UNSEEN.search(fault.key) is not None:
            continue
        meant = meant_key(subject, fault)
        if meant is None or not is_misplaced(fault, meant):
            unknown = Unknown(fault=fault, meant=meant)
            there = None if meant is None or unknown.mistake is not Mistake.PLACE else parent(meant)
            alike.setdefault((parent(fault.pointer), unknown.mistake, there), []).append(unknown)
    for (_, mistake, _), group in alike.items():
        if mistake and len(group) > 1:
            yield _finding_of_several(subject, group)
        else:
            yield from (_finding(subject, unknown) for unknown in group)


def _finding(subject: Subject, unknown: Unknown) -> Finding:
    fault, level = unknown.fault, level_of(parent(unknown.fault.pointer))
    glued = glued_key(fault)
    # Of a key with its value in it only the key is told: the value may be a password.
    one_word = f"{code(glued or '')} and its value are written as one word {level}, so the key has no effect."
    return Finding(
        message=f"maild knows no key {code(fault.key)} {level}, so it has no effect." if glued is None else one_word,
        place=AtKey(pointer=fault.pointer),
        help=advise(subject, unknown),
        fix=fix_of(subject, unknown),
    )


def _finding_of_several(subject: Subject, group: list[Unknown]) -> Finding:
    """One for all of them, at the first; the fix mends all, or none."""
    level = level_of(parent(group[0].fault.pointer))
    places = [AtKey(pointer=unknown.fault.pointer) for unknown in group]
    shown = group[:_MOST_NAMED]
    if group[0].mistake is Mistake.GLUED:
        keys = listed([code(glued_key(unknown.fault) or "") for unknown in shown], "and")
        message = f"{keys} are written as one word with their values {level}, so these keys have no effect."
        advice = "Write a space behind each colon."
    elif group[0].mistake is Mistake.FILE:
        keys = listed([code(unknown.fault.key) for unknown in shown], "and")
        message = f"maild knows no keys {keys} {level}, so they have no effect."
        advice = f"Move them: they belong into {other_file(is_account=subject.is_account)}."
    elif group[0].mistake is Mistake.PLACE:
        keys = listed([code(unknown.fault.key) for unknown in shown], "and")
        message = f"maild knows no keys {keys} {level}, so they have no effect."
        there = level_of(parent(group[0].meant or Pointer("")))
        advice = f"Write {listed([code(unknown.key) for unknown in shown], 'and')} instead, {there}."
    else:
        keys = listed([code(unknown.fault.key) for unknown in shown], "and")
        why = "maild's keys are written in small letters"
        if group[0].mistake is Mistake.MARK:
            why = "nothing can stand before a key"
        message = f"{keys} have no effect {level}: {why}."
        advice = f"Write {listed([code(unknown.key) for unknown in shown], 'and')}."
    return Finding(
        message=message,
        place=places[0],
        help=advice,
        because=tuple(Because(place=place, message="and this") for place in places[1:_MOST_NAMED]),
        fix=fix_of_several(subject, group),
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

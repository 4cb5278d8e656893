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
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## See
- `maild schema account` and `maild schema maild`: every key that there is
"""

import re
from collections.abc import Iterator
from typing import Final

from maild.config.fault import MERGE_KEY, Pointer, UnknownKey
from maild.diagnostics import Fix, Severity
from maild.rules.finding import AtKey, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, parent
from maild.rules.repair import rename_key
from maild.rules.routing.ml613_retry_on_auth_failure import is_about_logins
from maild.rules.rule import Rule
from maild.rules.spelling import fold, nearest
from maild.rules.subject import Subject
from maild.rules.suggestion import glued_key, is_misplaced, level_of, meant_key
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML201",
    name="unknown-key",
    severity=Severity.ERROR,
    summary="A key that maild does not know, mostly a slip of the finger.",
    faults=(UnknownKey,),
    is_fixed=True,
)

_OPPOSITE: Final = ("insecure", "skip", "disable")

# ML118 speaks of these.
_UNSEEN: Final = re.compile("[\xa0\xad\u2007\u200b-\u200d\u202f\u2060\u3000\ufeff]")


def check(subject: Subject) -> Iterator[Finding]:
    """Each unknown key, with the one that was meant."""
    for fault in subject.faults(UnknownKey):
        if is_about_logins(fault.key) or fault.key == MERGE_KEY:
            continue
        meant = meant_key(subject, fault)
        if (meant is not None and is_misplaced(fault, meant)) or _UNSEEN.search(fault.key) is not None:
            continue
        glued = glued_key(fault)
        level = level_of(parent(fault.pointer))
        # Of a key with its value in it only the key is told: the value may be a password.
        unknown = f"maild knows no key {code(fault.key)} {level}, so it has no effect."
        one_word = f"{code(glued or '')} and its value are written as one word {level}, so the key has no effect."
        yield Finding(
            message=unknown if glued is None else one_word,
            place=AtKey(pointer=fault.pointer),
            help=_help(fault, meant),
            fix=None if meant is None else _fix(subject, fault, meant),
        )


def _fix(subject: Subject, fault: UnknownKey, meant: Pointer) -> Fix | None:
    # A word of another program may come with values of that program: `insecure: true` would become `verify: true`.
    key = key_of(meant)
    is_slip = nearest(fault.key, (key,)) is not None
    is_opposite = any(word in fold(fault.key) for word in _OPPOSITE)
    if parent(meant) != parent(fault.pointer) or is_opposite or glued_key(fault) is not None:
        return None
    return rename_key(subject, fault.pointer, key, is_safe=is_slip)


def _help(fault: UnknownKey, meant: Pointer | None) -> str:
    if meant is None:
        return f"The keys that can stand here are {listed(map(code, fault.allowed), 'and')}." if fault.allowed else ""
    key, level = key_of(meant), parent(meant)
    if glued_key(fault) is not None:
        return f"Write {code(f'{key}:')}, a space, and then the value."
    if level == parent(fault.pointer):
        return f"Write {code(key)} instead of {code(fault.key)}."
    return f"Write {code(key)} instead, {level_of(level)}."


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

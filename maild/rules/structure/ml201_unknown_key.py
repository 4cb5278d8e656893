"""A key that maild does not know, mostly a slip of the finger.

## What it finds
Keys that nothing reads: misspelt ones, words of other mail programs, and right keys in the wrong place.

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

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer, UnknownKey
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, parent, path_of
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.suggestion import meant_key
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML201",
    name="unknown-key",
    severity=Severity.ERROR,
    summary="A key that maild does not know, mostly a slip.",
    faults=(UnknownKey,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each unknown key, with the one that was meant."""
    for fault in subject.faults(UnknownKey):
        meant = meant_key(subject, fault)
        yield Finding(
            message=f"maild knows no key {code(fault.key)} {_level(parent(fault.pointer))}, so it has no effect.",
            place=AtKey(pointer=fault.pointer),
            help=_help(fault, meant),
        )


def _help(fault: UnknownKey, meant: Pointer | None) -> str:
    if meant is None:
        return f"The keys that can stand here are {listed(map(code, fault.allowed), 'and')}." if fault.allowed else ""
    key, level = key_of(meant), parent(meant)
    if level == parent(fault.pointer):
        return f"Write {code(key)} instead of {code(fault.key)}."
    if key == fault.key:
        return f"Move it: {code(key)} belongs {_level(level)}."
    return f"Write {code(key)} instead, {_level(level)}."


def _level(pointer: Pointer) -> str:
    return f"under {code(path_of(pointer))}" if pointer else "at the top level of the file"


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

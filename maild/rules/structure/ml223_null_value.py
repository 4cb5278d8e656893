"""A key without a value.

## What it finds
Keys after whose colon nothing stands.

## Why it matters
An empty value is not the default: nobody can tell whether something was forgotten. maild does not guess.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: }
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
- `maild schema account` and `maild schema maild`: every key and its default
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer, UnsupportedYaml, WrongType
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, path_of
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.suggestion import has_members_elsewhere
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML223",
    name="null-value",
    severity=Severity.ERROR,
    summary="A key without a value.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such key."""
    for fault in subject.faults(WrongType):
        if fault.pointer and fault.found == "nothing" and not _is_about_more(subject, fault.pointer):
            key = key_of(fault.pointer)
            is_entry = key.isdecimal()
            yield Finding(
                message=f"{code(path_of(fault.pointer))} is empty, and an empty value is not the default.",
                place=AtValue(pointer=fault.pointer) if is_entry else AtKey(pointer=fault.pointer),
                help="Write a value, or delete the line."
                if is_entry
                else f"Write a value after {code(key + ':')}, or delete the line.",
            )


def _is_about_more(subject: Subject, pointer: Pointer) -> bool:
    """Whether the value only seems to be missing: what should be it stands elsewhere, or below as an odd key."""
    document = subject.loaded.document
    line = 0 if document is None else document.key_span(pointer).line
    odd = (fault.span.line for fault in subject.faults(UnsupportedYaml) if fault.kind == "key")
    return has_members_elsewhere(subject, pointer) or any(line <= below <= line + 1 for below in odd)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""A key without a value.

## What it finds
Keys after whose colon nothing stands.

## Why it matters
An empty value is not the default: nobody can tell whether something was forgotten. maild does not guess.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: }
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
- `maild schema account` and `maild schema maild`: every key and its default
"""

import re
from collections.abc import Iterator
from typing import Final

from maild.config.fault import DuplicateKey, Pointer, UnsupportedYaml, WrongType
from maild.diagnostics import Severity
from maild.diagnostics.fix import index_of
from maild.rules.finding import AtKey, AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, path_of
from maild.rules.reference import REFER
from maild.rules.rule import Rule
from maild.rules.stray import is_above_stray_entry
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


_COMMENT: Final = re.compile(r"\s*:\s*(#[^\s#].*)")


def check(subject: Subject) -> Iterator[Finding]:
    """Each such key, unless what belongs below it stands in a second document."""
    if subject.is_cut_short:
        return
    # Of a key that is there twice, what stands below may belong to both.
    twice = {fault.pointer for fault in subject.faults(DuplicateKey)}
    for fault in subject.faults(WrongType):
        if not fault.pointer or fault.found != "nothing" or fault.pointer in twice:
            continue
        if not _is_about_more(subject, fault.pointer):
            comment = _comment(subject, fault.pointer)
            reason = ", and an empty value is not the default"
            if comment is not None:
                reason = ": # begins a comment, so what stands behind it does not count"
            yield Finding(
                message=f"{code(path_of(fault.pointer))} is empty{reason}.",
                place=AtValue(pointer=fault.pointer) if _is_entry(fault) else AtKey(pointer=fault.pointer),
                help=_help(fault, comment),
            )


def _is_entry(fault: WrongType) -> bool:
    return key_of(fault.pointer).isdecimal()


def _help(fault: WrongType, comment: str | None) -> str:
    key = key_of(fault.pointer)
    if fault.pointer == "/password":
        return REFER
    if comment is not None:
        bare = comment.lstrip("#").strip()
        return f"Write {code(f'{key}: {bare}')}." if bare.isdecimal() else "Put the whole value in double quotes."
    if "a mapping" in fault.expected:
        return (
            f"Write its keys below {code(key + ':')}, each on a line of its own that is indented, or delete the line."
        )
    return "Write a value, or delete the line." if _is_entry(fault) else _write_or_delete(key)


def _write_or_delete(key: str) -> str:
    return f"Write a value after {code(key + ':')}, or delete the line."


def _comment(subject: Subject, pointer: Pointer) -> str | None:
    """What stands in the value's place and is a comment to YAML, though no blank follows its #: `port: #587`."""
    document = subject.loaded.document
    mark = None if document is None else document.marks.get(pointer)
    if document is None or mark is None or mark.key is None:
        return None
    found = _COMMENT.fullmatch(index_of(document.text).line(mark.key.end_line), mark.key.end_column - 1)
    return None if found is None else found[1]


def _is_about_more(subject: Subject, pointer: Pointer) -> bool:
    """Whether the value only seems to be missing: what should be it stands elsewhere, or below as an odd key."""
    document = subject.loaded.document
    line = 0 if document is None else document.key_span(pointer).line
    odd = (fault.span.line for fault in subject.faults(UnsupportedYaml) if fault.kind == "key")
    is_below = has_members_elsewhere(subject, pointer) or is_above_stray_entry(subject, pointer)
    return is_below or any(line <= below <= line + 1 for below in odd)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

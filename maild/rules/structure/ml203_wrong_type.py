"""A value is of another kind than expected.

## What it finds
Text where a number must stand, a list where one value must stand, a value that was left empty, and the like.

## Why it matters
`port: "587"` looks like a number and is text; `verify: no` is text too, and would count as true in many programs.
maild does not guess.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: "587"}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 587}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2 §10.3, Core Schema: only `true` and `false` are truth values
"""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from maild.config.fault import Pointer, UnsupportedYaml, WrongType
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.kind import advise
from maild.rules.lost_break import LostBreak, lost_break
from maild.rules.pointing import key_of, path_of
from maild.rules.rule import Rule
from maild.rules.stray import empty_list_above
from maild.rules.subject import Subject
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML203",
    name="wrong-type",
    severity=Severity.ERROR,
    summary="A value is of another kind than expected.",
    faults=(WrongType,),
    is_fixed=True,
)

# A word of YAML that nobody else uses.
_PLAIN: Final = MappingProxyType({"a mapping": "a group of keys with values"})


def check(subject: Subject) -> Iterator[Finding]:
    """Each value of a wrong kind, with the right spelling where the value shows what was meant."""
    strays: set[Pointer] = set()
    for fault in subject.faults(WrongType):
        if (fault.pointer and fault.found == "nothing") or _is_template(subject, fault):
            continue
        empty = empty_list_above(subject, fault)
        if empty is not None:
            if empty not in strays:
                strays.add(empty)
                yield _stray(fault, empty)
            continue
        lost = lost_break(subject.loaded.document, fault)
        if lost is not None:
            yield _lost(lost)
            continue
        name = code(path_of(fault.pointer)) if fault.pointer else "The file"
        expected = listed((_PLAIN.get(kind, kind) for kind in fault.expected), "or")
        advice = advise(subject, fault)
        value = subject.value(fault.pointer)
        # "must be true or false, but this is text" helps; "must be a group, but this is true or false" does not.
        found = code(str(value).lower()) if isinstance(value, bool) else _PLAIN.get(fault.found, fault.found)
        yield Finding(
            message=f"{name} must be {expected}, but this is {found}.",
            place=AtValue(pointer=fault.pointer),
            help=advice.help,
            fix=advice.fix,
        )


def _is_template(subject: Subject, fault: WrongType) -> bool:
    """Whether the value is `{{ NAME }}`, a group with a key that is none, which ML117 speaks of."""
    document = subject.loaded.document
    if document is None or subject.value(fault.pointer) != {}:
        return False
    span = document.value_span(fault.pointer)
    return any(
        unread.kind == "key" and (unread.span.line, unread.span.column) == (span.line, span.column + 1)
        for unread in subject.faults(UnsupportedYaml)
    )


def _lost(lost: LostBreak) -> Finding:
    return Finding(
        message=f"A line break is missing between {code(lost.entry)} and {code(f'{lost.key}:')}.",
        place=AtValue(pointer=lost.pointer),
        help=f"Write {code(f'{lost.key}:')} on a line of its own, at the margin.",
    )


def _stray(fault: WrongType, empty: Pointer) -> Finding:
    above = code(f"{key_of(empty)}:")
    return Finding(
        message=f"This stands too far left to belong to {above} above it, so it counts as "
        f"{code(path_of(fault.pointer))}.",
        place=AtValue(pointer=fault.pointer),
        help=f"Indent the dash, and those below it that belong to it, at least as far as {above}.",
        because=(Because(place=AtKey(pointer=empty), message="so this is empty"),),
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

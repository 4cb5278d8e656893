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
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 587}
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2 §10.3, Core Schema: only `true` and `false` are truth values
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from maild.config.fault import WrongType
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, path_of
from maild.rules.rule import Rule
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

# What YAML 1.1 took for truth values and YAML 1.2 takes for text.
_TRUTH: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(("true", "yes", "on", "y", "1"), "true") | dict.fromkeys(("false", "no", "off", "n", "0"), "false")
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each value of a wrong kind, with the right spelling where the value shows what was meant."""
    for fault in subject.faults(WrongType):
        name = code(path_of(fault.pointer)) if fault.pointer else "The file"
        expected = listed((_PLAIN.get(kind, kind) for kind in fault.expected), "or")
        found = "it is empty" if fault.found == "nothing" else f"this is {_PLAIN.get(fault.found, fault.found)}"
        yield Finding(
            message=f"{name} must be {expected}, but {found}.",
            place=AtValue(pointer=fault.pointer),
            help=_help(key_of(fault.pointer), subject.value(fault.pointer), " ".join(fault.expected)),
        )


def _help(key: str, value: object, expected: str) -> str:
    if value is None and key:
        return f"Write a value after {code(key + ':')}, or delete the line."
    if "mapping" in expected and key:
        return f"Write its keys below {code(key + ':')}, each on a line of its own that is indented."
    if not isinstance(value, str):
        return ""
    word = value.strip().lower()
    if "number" in expected and word.isascii() and word.isdecimal():
        return f"Write {code(f'{key}: {int(word)}')}, without quotes."
    if "true" in expected and word in _TRUTH:
        return f"Write {code(f'{key}: {_TRUTH[word]}')}, without quotes."
    return ""


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

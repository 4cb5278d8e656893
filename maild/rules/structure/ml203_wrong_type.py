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

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from maild.config.fault import Pointer, WrongType
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, path_of
from maild.rules.repair import unquote_value
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

# What people put between thousands.
_GROUPING: Final = str.maketrans("", "", "_,' ")
_LONGEST: Final = 20
_DIGITS: Final = re.compile(r"\d+")


def check(subject: Subject) -> Iterator[Finding]:
    """Each value of a wrong kind, with the right spelling where the value shows what was meant."""
    for fault in subject.faults(WrongType):
        if fault.pointer and fault.found == "nothing":
            continue
        name = code(path_of(fault.pointer)) if fault.pointer else "The file"
        meant = _meant(subject.value(fault.pointer), " ".join(fault.expected))
        expected = listed((_PLAIN.get(kind, kind) for kind in fault.expected), "or")
        yield Finding(
            message=f"{name} must be {expected}, but this is {_PLAIN.get(fault.found, fault.found)}.",
            place=AtValue(pointer=fault.pointer),
            help=_help(subject, fault.pointer, " ".join(fault.expected)),
            fix=None if meant is None else unquote_value(subject, fault.pointer, meant),
        )


def _help(subject: Subject, pointer: Pointer, expected: str) -> str:
    key, value = key_of(pointer), subject.value(pointer)
    if "mapping" in expected and key:
        return f"Write its keys below {code(key + ':')}, each on a line of its own that is indented."
    meant = _meant(value, expected)
    if meant is None:
        return _advise_number(key, value) if "whole number" in expected else ""
    is_grouped = isinstance(value, str) and meant.isdecimal() and value.strip() != value.strip().translate(_GROUPING)
    is_plain = subject.loaded.document is not None and subject.loaded.document.marks[pointer].style == "plain"
    return f"Write {code(f'{key}: {meant}')}{'' if is_grouped or is_plain else ', without quotes'}."


def _advise_number(key: str, value: object) -> str:
    """What to write where one number stands among other things, or in other digits: `465 (SSL)`, `“465”`."""
    numbers = _DIGITS.findall(value) if isinstance(value, str) and len(value) <= _LONGEST else []
    match numbers:
        case []:
            return ""
        case [number]:
            return f"Write {code(f'{key}: {int(number)}')}, the number alone."
        case _:
            return f"Write one number, such as {code(f'{key}: {int(numbers[0])}')}."


def _meant(value: object, expected: str) -> str | None:
    """The number or the truth value that stands there as text."""
    if not isinstance(value, str):
        return None
    word = value.strip().lower()
    digits = word.translate(_GROUPING)
    if "number" in expected and len(digits) <= _LONGEST and digits.isascii() and digits.isdecimal():
        return str(int(digits))
    return _TRUTH.get(word) if "true" in expected else None


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

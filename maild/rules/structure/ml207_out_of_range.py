"""A number, a length or a count is outside its limits.

## What it finds
Values that are too small or too large, such as port 70000, or a list with nothing in it where something must be.

## Why it matters
There is no such port, no such delay. maild cannot do what the value says.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 70000}
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
- `maild schema account` and `maild schema maild`: the limits of every key
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import OutOfRange
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, parent, path_of
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.transport.ml318_timeout_missing_or_zero import is_no_timeout
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML207",
    name="out-of-range",
    severity=Severity.ERROR,
    summary="A number, a length or a count is outside its limits.",
    faults=(OutOfRange,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each value outside its limits, and the limits."""
    for fault in subject.faults(OutOfRange):
        if is_no_timeout(fault):
            continue
        # A length or a count comes with its unit: "0 characters".
        number, _, unit = fault.found.partition(" ")
        verb, has = ("have", "has") if unit.isalpha() else ("be", "is")
        found = "this is empty" if unit.isalpha() and number == "0" else f"this {has} {fault.found}"
        yield Finding(
            message=f"{code(path_of(fault.pointer))} must {verb} {_limits(fault)}, but {found}.",
            place=AtValue(pointer=fault.pointer),
            help=_help(fault),
        )


def _help(fault: OutOfRange) -> str:
    if fault.found.partition(" ")[0] == "0" and not fault.found.isdecimal():
        key = key_of(fault.pointer)
        is_free = not parent(fault.pointer)
        return f"Write what belongs there{f', or delete {code(key)} if it is not needed' if is_free else ''}."
    if fault.maximum is not None and fault.found.endswith("entries"):
        return f"Keep {fault.maximum.partition(' ')[0]} at most."
    # `port: -587`: the minus was a dash before the number.
    bare = fault.found.removeprefix("-")
    is_negative = bare != fault.found and bare.isdecimal() and fault.maximum is not None and fault.maximum.isdecimal()
    return f"Write {code(f'{key_of(fault.pointer)}: {bare}')}." if is_negative and _holds(fault, int(bare)) else ""


def _holds(fault: OutOfRange, number: int) -> bool:
    return int(fault.minimum or "0") <= number <= int(fault.maximum or "0")


def _limits(fault: OutOfRange) -> str:
    if fault.minimum is not None and fault.maximum is not None:
        return f"from {fault.minimum.partition(' ')[0]} to {fault.maximum}"
    return f"at least {fault.minimum}" if fault.minimum is not None else f"at most {fault.maximum}"


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Text that is no duration.

## What it finds
Durations in another form than a number and one of the units `s`, `m`, `h`, `d`.

## Why it matters
"10" could be seconds or minutes. Mail that is retried after 10 hours instead of 10 minutes arrives too late.

## Bad
```yaml
# maild.yaml
probe: {interval: 10 mins}
```

## Good
```yaml
# maild.yaml
probe: {interval: 10m}
```

## See
- `maild schema maild`: the durations and their defaults
"""

import re
from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidDuration, Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, parent, path_of
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.transport.ml318_timeout_missing_or_zero import is_no_timeout
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML218",
    name="invalid-duration",
    severity=Severity.ERROR,
    summary="Text that is no duration.",
    faults=(InvalidDuration,),
    is_fixed=True,
)

_MOST: Final = 10
_WEEKS: Final = re.compile(r"([0-9]{1,3})\s*(?:w|wk|wks|weeks?|woche|wochen)")
_SPOKEN: Final = re.compile(
    r"([0-9]+(?:\.[0-9]+)?)\s*(ms|millis|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)\.?"
)

_LONGEST: Final = 12


def check(subject: Subject) -> Iterator[Finding]:
    """Each such text, rewritten where it can be told what was meant."""
    numbers: dict[Pointer, list[InvalidDuration]] = {}
    for fault in subject.faults(InvalidDuration):
        if not is_no_timeout(fault):
            # Of a list without units each entry is wrong, and it is one mistake.
            is_number = key_of(fault.pointer).isdecimal() and fault.found.isdecimal()
            numbers.setdefault(parent(fault.pointer) if is_number else fault.pointer, []).append(fault)
    for fault, *others in numbers.values():
        yield Finding(
            message=f"{code(path_of(fault.pointer))} must be a duration such as `30s`, `5m`, `4h` or `2d`, "
            f"but this is {code(fault.found)}.",
            place=AtValue(pointer=fault.pointer),
            help=_help(fault.found.strip().lower()),
            because=tuple(
                Because(place=AtValue(pointer=other.pointer), message="and this") for other in others[:_MOST]
            ),
        )


def _help(found: str) -> str:
    weeks = _WEEKS.fullmatch(found)
    if weeks is not None:
        return f"Write {code(f'{int(weeks[1]) * 7}d')}."
    spoken = _SPOKEN.fullmatch(found)
    if spoken is not None:
        return f"Write {code(spoken[1] + ('ms' if spoken[2].startswith(('ms', 'milli')) else spoken[2][0]))}."
    if found.isdecimal() and found.endswith("000") and len(found) < _LONGEST:
        short = code(f"{int(found) // 1000}s")
        return f"Add the unit: {short} if these are thousandths of a second, {code(found + 's')} if they are seconds."
    if found.isdecimal():
        return f"Add the unit: {code(found + 's')} for seconds, {code(found + 'm')} for minutes."
    return "Write a number and a unit: s, m, h or d."


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

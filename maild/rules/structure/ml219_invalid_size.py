"""Text that is no size.

## What it finds
Sizes in another form than a whole number and one of the units `B`, `kB`, `MB`, `GB`.

## Why it matters
"25" could be bytes or megabytes, and a limit that is a million times too small refuses every message.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {env: SMTP_PASSWORD}
limits: {max_size: 25 mb}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {env: SMTP_PASSWORD}
limits: {max_size: 25MB}
```

## See
- `maild schema account` and `maild schema maild`: the sizes and their limits
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from maild.config.fault import InvalidSize
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import path_of
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML219",
    name="invalid-size",
    severity=Severity.ERROR,
    summary="Text that is no size.",
    faults=(InvalidSize,),
    is_fixed=True,
)


_SPOKEN: Final = re.compile(r"([0-9]{1,6})\s*([a-z]+)\.?")
_UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        word: unit
        for unit, words in {
            "B": "b byte bytes",
            "kB": "k kb kib kilobyte kilobytes",
            "MB": "m mb mib mo meg megabyte megabytes",
            "GB": "g gb gib go gig gigabyte gigabytes",
        }.items()
        for word in words.split()
    }
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such text, rewritten where it can be told what was meant."""
    for fault in subject.faults(InvalidSize):
        yield Finding(
            message=f"{code(path_of(fault.pointer))} must be a size such as `500kB`, `25MB` or `1GB`, "
            f"but this is {code(fault.found)}.",
            place=AtValue(pointer=fault.pointer),
            help=_help(fault.found.strip().lower()),
        )


def _help(found: str) -> str:
    spoken = _SPOKEN.fullmatch(found)
    unit = None if spoken is None else _UNITS.get(spoken[2])
    if spoken is not None and unit is not None:
        return f"Write {code(spoken[1] + unit)}."
    if found.isdecimal():
        return f"Add the unit: {code(found + 'MB')} for megabytes, {code(found + 'B')} for bytes."
    return "Write a whole number and a unit: B, kB, MB or GB."


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

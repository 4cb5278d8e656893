"""The file is written for another maild.

## What it finds
A `version` that this maild does not know.

## Why it matters
A newer file format may mean something else by the same keys. maild does not guess.

## Bad
```yaml
version: 9
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
version: 1
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- `maild schema account`: the format that this maild reads
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidChoice
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML213",
    name="schema-version-unsupported",
    severity=Severity.ERROR,
    summary="The file is written for another maild.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """The version."""
    for fault in subject.faults(InvalidChoice):
        if fault.pointer == "/version":
            yield Finding(
                message=f"This maild reads version {listed(fault.allowed, 'or')} of the file format, and the file says "
                f"{code(fault.found)}.",
                place=AtValue(pointer=fault.pointer),
                help="Write `version: 1`, or use a maild that knows this version.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

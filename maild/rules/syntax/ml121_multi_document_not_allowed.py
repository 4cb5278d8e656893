"""A second document begins in the file; it would be ignored.

## What it finds
A line with `---` behind the first values.

## Why it matters
One file is one account. What follows the line would not be read, although it looks as if it were in force.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD}
---
protocol: smtp
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2 §9.2, Streams
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import UnsupportedYaml
from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML121",
    name="multi-document-not-allowed",
    severity=Severity.ERROR,
    summary="A second document begins in the file; it would be ignored.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Where the second document begins."""
    for fault in subject.faults(UnsupportedYaml):
        if fault.kind == "document":
            yield Finding(
                message="A second document begins here, and a file holds only one: the rest would be ignored.",
                place=AtSpan(span=fault.span),
                help="Move what follows into a file of its own in the folder `accounts`, or delete the line `---`.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

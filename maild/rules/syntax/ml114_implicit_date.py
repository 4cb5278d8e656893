"""A date without quotes, which other programs turn into a date.

## What it finds
Values such as `2026-12-31` without quotes.

## Why it matters
maild reads YAML 1.2, and many other programs and editors read YAML 1.1. Whoever reads this file with one of those
sees something else.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
name: 2026-12-31
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
name: "2026-12-31"
```

## See
- YAML 1.2.2 §10.3, Core Schema, and https://yaml.org/type/ of YAML 1.1
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.repair import quote_value
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code
from maild.rules.yaml11 import Reading, read_otherwise

INFO: Final = RuleInfo(
    code="ML114",
    name="implicit-date",
    severity=Severity.WARNING,
    summary="A date without quotes, which other programs turn into a date.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such value."""
    for scalar in read_otherwise(subject, Reading.DATE):
        yield Finding(
            message=f"maild reads {code(scalar.raw)} as text; programs with YAML 1.1 take it for {Reading.DATE}.",
            place=AtValue(pointer=scalar.pointer),
            help="Put it in quotes.",
            fix=quote_value(subject, scalar.pointer),
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

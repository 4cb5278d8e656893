"""A number with underscores, which is text here.

## What it finds
Values such as `1_000` without quotes, where a text may stand. Where a number must stand, it is an error of another
rule.

## Why it matters
maild reads YAML 1.2, and many other programs and editors read YAML 1.1. There `1_000` is the number 1000.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
name: 1_000
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
name: "1_000"
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
    code="ML113",
    name="yaml11-underscore-number",
    severity=Severity.WARNING,
    summary="A number with underscores, which is text here.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such value."""
    for scalar in read_otherwise(subject, Reading.UNDERSCORE):
        yield Finding(
            message=f"maild reads {code(scalar.raw)} as text; programs with YAML 1.1 take it for {Reading.UNDERSCORE}.",
            place=AtValue(pointer=scalar.pointer),
            help="Put it in quotes.",
            fix=quote_value(subject, scalar.pointer),
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

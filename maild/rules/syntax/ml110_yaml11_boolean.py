"""A word that other programs take for true or false.

## What it finds
`yes`, `no`, `on` and `off` without quotes, where a text may stand.

## Why it matters
maild reads YAML 1.2, and many other programs and editors read YAML 1.1. Whoever reads this file with one of those
sees something else.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
name: On
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
name: "On"
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
    code="ML110",
    name="yaml11-boolean",
    severity=Severity.WARNING,
    summary="A word that other programs take for true or false.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such value."""
    for scalar in read_otherwise(subject, Reading.BOOLEAN):
        yield Finding(
            message=f"maild reads {code(scalar.raw)} as text; programs with YAML 1.1 take it for {Reading.BOOLEAN}.",
            place=AtValue(pointer=scalar.pointer),
            help="Put it in quotes.",
            fix=quote_value(subject, scalar.pointer),
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

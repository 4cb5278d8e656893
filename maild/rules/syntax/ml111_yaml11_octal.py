"""A number with a leading zero.

## What it finds
Numbers such as `0587`, which are decimal here.

## Why it matters
maild reads YAML 1.2, and many other programs and editors read YAML 1.1, where a leading zero means octal: there
`0465` is 309.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 0465}
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
- YAML 1.2.2 §10.3, Core Schema, and https://yaml.org/type/int.html of YAML 1.1
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.repair import unquote_value
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code
from maild.rules.yaml11 import Reading, read_otherwise

INFO: Final = RuleInfo(
    code="ML111",
    name="yaml11-octal",
    severity=Severity.WARNING,
    summary="A number with a leading zero.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such number."""
    for scalar in read_otherwise(subject, Reading.OCTAL):
        yield Finding(
            message=f"maild reads {code(scalar.raw)} as the number {scalar.value}; programs with YAML 1.1 "
            f"take it for {Reading.OCTAL} or for text.",
            place=AtValue(pointer=scalar.pointer),
            help=f"Write {code(str(scalar.value))}, without the zero.",
            fix=unquote_value(subject, scalar.pointer, str(scalar.value)),
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

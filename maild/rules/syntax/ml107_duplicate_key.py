"""A key stands twice in the same place, so one of its values would be lost.

## What it finds
The same key written twice in one mapping.

## Why it matters
Most programs silently take the last one. Whoever reads the first line believes in a setting that is not in force.

## Bad
```yaml
protocol: smtp
smtp:
  host: smtp.gmail.com
  port: 465
  port: 587
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp:
  host: smtp.gmail.com
  port: 465
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2 §3.2.1.3, Node Comparison: the keys of a mapping are unique
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import DuplicateKey
from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML107",
    name="duplicate-key",
    severity=Severity.ERROR,
    summary="A key stands twice in the same place, so one of its values would be lost.",
    faults=(DuplicateKey,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """The second key, with the first one beside it."""
    for fault in subject.faults(DuplicateKey):
        yield Finding(
            message=f"{code(fault.key)} stands here a second time: only one of the two values can count.",
            place=AtSpan(span=fault.second, pointer=fault.pointer),
            help="Delete the line that is wrong.",
            because=(Because(place=AtSpan(span=fault.first), message="it stood here before"),),
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""A key is no text.

## What it finds
Keys that YAML reads as a number, as true or false, as nothing, or as a list.

## Why it matters
Every key of maild is a word. Such a key is mostly a slip, and programs disagree about what it means.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
true: yes
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2 §10.3, Core Schema
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import UnsupportedYaml
from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML117",
    name="non-string-key",
    severity=Severity.ERROR,
    summary="A key is no text.",
    faults=(UnsupportedYaml,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Where the key stands."""
    for fault in subject.faults(UnsupportedYaml):
        if fault.kind == "key":
            yield Finding(
                message=f"The key {code(fault.text) if fault.text else 'here'} is no text; maild's keys are words.",
                place=AtSpan(span=fault.span),
                help="Delete it, or put it in quotes where it is meant as a word.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

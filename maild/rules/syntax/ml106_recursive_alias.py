"""An anchor contains an alias of itself, so the value would never end.

## What it finds
`&name` before a list or mapping in which `*name` stands.

## Why it matters
Such a value is endless; no setting can be that.

## Bad
```yaml
name: &a [*a]
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2 §3.2.2.2, Anchors and Aliases
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import RecursiveAlias
from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML106",
    name="recursive-alias",
    severity=Severity.ERROR,
    summary="An anchor contains an alias of itself, so the value would never end.",
    faults=(RecursiveAlias,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Where the alias stands."""
    for fault in subject.faults(RecursiveAlias):
        name = code("*" + fault.anchor) if fault.anchor else "here"
        yield Finding(
            message=f"The alias {name} stands inside the value that it repeats: it would never end.",
            place=AtSpan(span=fault.span),
            help="Write the value itself instead of the alias.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Written out, the file would be larger than any configuration.

## What it finds
Aliases (`*name`) of aliases that multiply, so that a short file stands for more than 20 000 values; or simply a file
with as many.

## Why it matters
Such a file can use up a computer's memory. It is known as "billion laughs".

## Bad
```yaml
a: &a [x, x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
e: [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: &address billing@inn.example
reply_to: *address
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2 §3.2.2.2, Anchors and Aliases
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import TooManyNodes
from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML105",
    name="alias-expansion-too-large",
    severity=Severity.ERROR,
    summary="Written out, the file would be larger than any configuration.",
    faults=(TooManyNodes,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Where the limit was passed."""
    for fault in subject.faults(TooManyNodes):
        yield Finding(
            message=f"With its aliases written out the file has more than {fault.limit} values, so it was not read on.",
            place=AtSpan(span=fault.span),
            help="Write the values out where they are needed instead of repeating aliases of aliases.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

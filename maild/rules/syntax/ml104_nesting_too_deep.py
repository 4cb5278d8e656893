"""Lists or mappings are nested deeper than any configuration needs.

## What it finds
More than 50 levels of lists and mappings inside each other.

## Why it matters
maild's own files have six levels at most. A file with many more was damaged, or made to bring a program down.

## Bad
```yaml
name: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- `maild schema account`: every key that an account file can have
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import TooDeep
from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML104",
    name="nesting-too-deep",
    severity=Severity.ERROR,
    summary="Lists or mappings are nested deeper than any configuration needs.",
    faults=(TooDeep,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Where the limit was passed."""
    for fault in subject.faults(TooDeep):
        yield Finding(
            message=f"Lists and mappings are nested more than {fault.limit} levels deep here: the file was not read.",
            place=AtSpan(span=fault.span),
            help="Remove the extra brackets or levels of indentation.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

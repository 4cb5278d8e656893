"""An ignore comment has come to its end.

## What it finds
Comments `# maild: ignore ML301 -- reason until 2027-01-31` after that day, and those with a day that is in no calendar.

## Why it matters
Somebody wanted to be reminded on this day. The comment hides nothing any more.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}   # maild: ignore ML301 -- the firewall is being replaced until 2025-06-30
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
- `maild explain ML901`: comments that ignore nothing
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Finding
from maild.rules.ignore import find_ignores
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML902",
    name="expired-ignore",
    severity=Severity.WARNING,
    summary="An ignore comment has come to its end.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each comment whose last day is over, or was never going to come."""
    for ignore in find_ignores(subject.loaded.document):
        if ignore.until_span is None or not ignore.is_meant or ignore.holds(subject.now.date()):
            continue
        is_day = ignore.last_day is not None
        yield Finding(
            message=f"This comment held until {ignore.until}, so it ignores nothing any more."
            if is_day
            else f"{ignore.until} is no day, so this comment ignores nothing.",
            place=AtSpan(span=ignore.until_span),
            help="Put right what it hid and delete it, or write a later day."
            if is_day
            else "Write a day that exists, as year-month-day: `2027-01-31`.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

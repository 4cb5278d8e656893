"""More mail than Gmail lets an account send.

## What it finds
Limits of the account above the highest that Gmail has for any plan.

## Why it matters
The provider refuses what is above, and may lock the account for a day. maild keeps to the provider's limit by itself
where
the file names none.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
limits: {per_day: 5000}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
limits: {per_day: 500}
```

## See
- https://support.google.com/a/answer/166852
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import beyond_limit
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML406",
    name="gmail-rate-above-limit",
    severity=Severity.WARNING,
    summary="More mail than Gmail lets an account send.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Limits above Gmail's."""
    return beyond_limit(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

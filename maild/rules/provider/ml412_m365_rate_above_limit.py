"""More mail than Microsoft 365 lets a mailbox send.

## What it finds
Limits of the account above those of Microsoft 365: 30 messages a minute, 10000 a day.

## Why it matters
The provider refuses what is above, and may lock the account for a day. maild keeps to the provider's limit by itself
where
the file names none.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.office365.com, port: 587, auth: xoauth2}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
limits: {per_minute: 100}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.office365.com, port: 587, auth: xoauth2}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
limits: {per_minute: 30}
```

## See
- https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits
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
    code="ML412",
    name="m365-rate-above-limit",
    severity=Severity.WARNING,
    summary="More mail than Microsoft 365 lets a mailbox send.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Limits above those of Microsoft 365."""
    return beyond_limit(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

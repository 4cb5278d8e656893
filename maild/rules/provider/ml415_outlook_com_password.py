"""Outlook.com takes no passwords.

## What it finds
Accounts that log in to Outlook.com, Hotmail or Live with a password.

## Why it matters
Since 16 September 2024 only access tokens work there, not even app passwords.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp-mail.outlook.com, port: 587}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp-mail.outlook.com, port: 587, auth: xoauth2}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- https://autoconfig.thunderbird.net/v1.1/hotmail.com
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import refused_mechanism
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML415",
    name="outlook-com-password",
    severity=Severity.ERROR,
    summary="Outlook.com takes no passwords.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A password where it works no more."""
    return refused_mechanism(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Microsoft 365 stops taking passwords.

## What it finds
Accounts that log in to Microsoft 365 with a password. A warning from half a year before the day, an error from the
day
on. `maild check --as-of DATE` shows what will be said on a day.

## Why it matters
From the end of December 2026 Microsoft switches passwords for sending off by default: mail of such an account will be
refused.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.office365.com, port: 587}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.office365.com, port: 587, auth: xoauth2}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
-
  https://techcommunity.microsoft.com/blog/exchange/updated-exchange-online-smtp-auth-basic-authentication-deprecation-timeline/4489835
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
    code="ML410",
    name="m365-basic-auth",
    severity=Severity.WARNING,
    summary="Microsoft 365 stops taking passwords.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A password where it stops working."""
    return refused_mechanism(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Fastmail wants an app password.

## What it finds
Passwords for Fastmail that do not have the form of an app password: 16 letters and digits.

## Why it matters
Fastmail refuses the account's normal password from programs.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.fastmail.com, port: 465}
username: billing@inn.example
password: {env: OWN_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.fastmail.com, port: 465}
username: billing@inn.example
password: {env: APP_PASSWORD}
```

## See
- https://www.fastmail.com/help/clients/apppassword.html
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import unfit_password
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML421",
    name="fastmail-needs-app-password",
    severity=Severity.WARNING,
    looks_around=True,
    summary="Fastmail wants an app password.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A password of another form."""
    return unfit_password(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

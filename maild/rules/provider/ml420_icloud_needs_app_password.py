"""iCloud wants an app-specific password.

## What it finds
Passwords for iCloud that do not have the form of an app-specific password: 16 letters, in groups of four.

## Why it matters
iCloud refuses the password of the Apple Account from programs.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.mail.me.com, port: 587}
username: billing@inn.example
password: {env: OWN_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.mail.me.com, port: 587}
username: billing@inn.example
password: {env: APP_PASSWORD}
```

## See
- https://support.apple.com/102654
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
    code="ML420",
    name="icloud-needs-app-password",
    severity=Severity.WARNING,
    looks_around=True,
    summary="iCloud wants an app-specific password.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A password of another form."""
    return unfit_password(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

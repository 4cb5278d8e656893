"""Yahoo wants an app password.

## What it finds
Passwords for Yahoo that do not have the form of an app password: 16 letters.

## Why it matters
Yahoo refuses the account's normal password from programs.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.mail.yahoo.com, port: 465}
username: billing@inn.example
password: {env: OWN_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.mail.yahoo.com, port: 465}
username: billing@inn.example
password: {env: APP_PASSWORD}
```

## See
- Account Security, app password, give it a name, generate
- https://help.yahoo.com/kb/SLN15241.html
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
    code="ML417",
    name="yahoo-needs-app-password",
    severity=Severity.WARNING,
    looks_around=True,
    summary="Yahoo wants an app password.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A password of another form."""
    return unfit_password(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Gmail wants an app password.

## What it finds
Passwords for Gmail that do not have the form of an app password: 16 letters. The password is looked at where it can
be
had, and neither shown nor kept.

## Why it matters
Gmail refuses the account's normal password from programs, and warns the owner by mail.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: OWN_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: APP_PASSWORD}
```

## See
- Switch on 2-Step Verification, then make one at https://myaccount.google.com/apppasswords
- https://support.google.com/accounts/answer/185833
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
    code="ML402",
    name="gmail-not-app-password",
    severity=Severity.ERROR,
    looks_around=True,
    summary="Gmail wants an app password.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A password of another form."""
    return unfit_password(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""A Mailgun API key is used as SMTP password.

## What it finds
Passwords for Mailgun with the form of an API key: `key-` and 32 characters.

## Why it matters
Mailgun wants the SMTP password of the sending domain, and refuses API keys.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.mailgun.org, port: 587}
username: postmaster@mg.example.com
password: {env: MAILGUN_KEY}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.mailgun.org, port: 587}
username: postmaster@mg.example.com
password: {env: SMTP_PASSWORD}
```

## See
- https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/send-smtp
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import foreign_password
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML429",
    name="mailgun-api-key-used",
    severity=Severity.ERROR,
    looks_around=True,
    summary="A Mailgun API key is used as SMTP password.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A password with the form of an API key."""
    return foreign_password(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

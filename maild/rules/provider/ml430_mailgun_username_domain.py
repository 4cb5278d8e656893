"""Mailgun wants an address at the sending domain as username.

## What it finds
Usernames without a domain at Mailgun.

## Why it matters
The provider does not know the account by another name, and the login fails.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.mailgun.org, port: 587}
username: postmaster
email: billing@inn.example
password: {env: SMTP_PASSWORD}
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
from maild.rules.provider.mechanism import unfit_username
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML430",
    name="mailgun-username-domain",
    severity=Severity.ERROR,
    summary="Mailgun wants an address at the sending domain as username.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A username that is no address."""
    return unfit_username(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""SendGrid wants an API key as password.

## What it finds
Passwords for SendGrid that do not begin with `SG.` as its API keys do.

## Why it matters
SendGrid takes no account passwords.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.sendgrid.net, port: 587}
username: apikey
email: billing@inn.example
password: {env: OWN_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.sendgrid.net, port: 587}
username: apikey
email: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- https://www.twilio.com/docs/sendgrid/for-developers/sending-email/integrating-with-the-smtp-api
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
    code="ML425",
    name="sendgrid-key-shape",
    severity=Severity.ERROR,
    looks_around=True,
    summary="SendGrid wants an API key as password.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A password of another form."""
    return unfit_password(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

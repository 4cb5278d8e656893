"""SendGrid knows only the username `apikey`.

## What it finds
Other usernames than the word `apikey` at SendGrid.

## Why it matters
The API key alone says who sends. With another username the login fails.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.sendgrid.net, port: 587}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
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
from maild.rules.provider.mechanism import unfit_username
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML424",
    name="sendgrid-username",
    severity=Severity.ERROR,
    summary="SendGrid knows only the username `apikey`.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Another username."""
    return unfit_username(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

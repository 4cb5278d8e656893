"""This Microsoft server takes no mail for sending.

## What it finds
`outlook.office365.com` and other names that are confused with `smtp.office365.com` or `smtp-mail.outlook.com`.

## Why it matters
The server that reads mail is another one than the server that sends it. The connection fails, or the login does.

## Bad
```yaml
protocol: smtp
smtp: {host: outlook.office365.com, port: 587, auth: xoauth2}
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
- https://support.microsoft.com/office/d088b986-291d-42b8-9564-9c414e2aa040
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import wrong_host
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML416",
    name="outlook-host-mixup",
    severity=Severity.ERROR,
    summary="This Microsoft server takes no mail for sending.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A host of Microsoft's that is not for sending."""
    return wrong_host(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

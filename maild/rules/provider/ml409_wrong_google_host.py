"""This Google server takes no mail for sending.

## What it finds
`imap.gmail.com`, `smtp.google.com` and other names that are confused with `smtp.gmail.com`.

## Why it matters
The server that reads mail is another one than the server that sends it. The connection fails, or the login does.

## Bad
```yaml
protocol: smtp
smtp: {host: imap.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- https://developers.google.com/workspace/gmail/imap/imap-smtp
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
    code="ML409",
    name="wrong-google-host",
    severity=Severity.ERROR,
    summary="This Google server takes no mail for sending.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A host of Google's that is not for sending."""
    return wrong_host(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

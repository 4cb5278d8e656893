"""Gmail wants the whole address as username.

## What it finds
Usernames without a domain at Gmail.

## Why it matters
The provider does not know the account by another name, and the login fails.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing
email: billing@inn.example
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
from maild.rules.provider.mechanism import unfit_username
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML404",
    name="gmail-username-not-address",
    severity=Severity.ERROR,
    summary="Gmail wants the whole address as username.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A username that is no address."""
    return unfit_username(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

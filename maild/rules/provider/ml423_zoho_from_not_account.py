"""Zoho takes only the account's address and its aliases as sender.

## What it finds
An `email` that is not the address that logs in at Zoho. It is a note where it may be an alias: the file does not
tell.

## Why it matters
Zoho compares the sender with the login, and refuses each message whose sender is no alias of it.

## Bad
```yaml
protocol: smtp
smtp: {host: smtppro.zoho.com, port: 465}
username: anna@shop.example
email: billing@shop.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtppro.zoho.com, port: 465}
username: billing@shop.example
password: {env: SMTP_PASSWORD}
```

## See
- https://www.zoho.com/mail/help/zoho-smtp.html
- `maild explain ML511`: the same at other companies
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.other_sender import other_sender
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML423",
    name="zoho-from-not-account",
    severity=Severity.WARNING,
    summary="Zoho takes only the account's address and its aliases as sender.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Another sender than the account."""
    return other_sender(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

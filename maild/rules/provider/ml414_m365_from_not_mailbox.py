"""Microsoft 365 takes other senders only with a permission.

## What it finds
An `email` that is not the address that logs in at Microsoft 365. It is a note where the permission may be there: the
file does not tell.

## Why it matters
Without "Send As" for the other address Exchange Online refuses each message, with 5.7.60 or SendAsDenied.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.office365.com, port: 587, auth: xoauth2}
username: printer@shop.example
email: billing@shop.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.office365.com, port: 587, auth: xoauth2}
username: billing@shop.example
password: {env: SMTP_PASSWORD}
```

## See
- https://learn.microsoft.com/exchange/mail-flow-best-practices/how-to-set-up-a-multifunction-device-or-application-to-send-email-using-microsoft-365-or-office-365
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
    code="ML414",
    name="m365-from-not-mailbox",
    severity=Severity.WARNING,
    summary="Microsoft 365 takes other senders only with a permission.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Another sender than the mailbox."""
    return other_sender(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

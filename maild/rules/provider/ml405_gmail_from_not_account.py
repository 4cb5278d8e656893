"""Gmail puts the account's address in place of one at another domain.

## What it finds
An `email` at another domain than the address that logs in at Gmail. Where the account is a private one, it is a
warning; where it has a domain of its own, a note, for a company's account may know both domains.

## Why it matters
Gmail sends only under addresses that the account has under "Send mail as", and puts its own in the place of others,
without a word: customers see a private address, and answers go there.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: anna.shop@gmail.com
email: billing@shop.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@shop.example
password: {env: SMTP_PASSWORD}
```

## See
- https://support.google.com/mail/answer/22370
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
    code="ML405",
    name="gmail-from-not-account",
    severity=Severity.WARNING,
    summary="Gmail puts the account's address in place of one at another domain.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A sender at another domain than the account's."""
    return other_sender(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Yahoo takes senders at other domains only after they are verified.

## What it finds
An `email` at another domain than the address that logs in at Yahoo.

## Why it matters
Yahoo refuses addresses that the account has not verified. Verified ones are sent, but signed for Yahoo's domains, so
that a domain with a strict DMARC policy disowns them.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.mail.yahoo.com, port: 465}
username: anna.shop@yahoo.com
email: billing@shop.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.mail.yahoo.com, port: 465}
username: anna.shop@yahoo.com
password: {env: SMTP_PASSWORD}
```

## See
- https://help.yahoo.com/kb/SLN15241.html
- RFC 7489 §3.1: what DMARC compares
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
    code="ML418",
    name="yahoo-from-not-account",
    severity=Severity.WARNING,
    summary="Yahoo takes senders at other domains only after they are verified.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A sender at another domain than the account's."""
    return other_sender(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

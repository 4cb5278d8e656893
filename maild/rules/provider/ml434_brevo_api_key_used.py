"""A Brevo API key is used as SMTP password.

## What it finds
Passwords for Brevo that begin with `xkeysib-`, as its API keys do.

## Why it matters
Brevo wants an SMTP key, and refuses API keys.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp-relay.brevo.com, port: 587}
username: billing@inn.example
password: {env: BREVO_KEY}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp-relay.brevo.com, port: 587}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- https://developers.brevo.com/docs/smtp-integration
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import foreign_password
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML434",
    name="brevo-api-key-used",
    severity=Severity.ERROR,
    looks_around=True,
    summary="A Brevo API key is used as SMTP password.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A password with the form of an API key."""
    return foreign_password(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

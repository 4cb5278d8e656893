"""The Workspace relay takes no mail from private Gmail addresses.

## What it finds
Senders at gmail.com with `smtp-relay.gmail.com`.

## Why it matters
The relay is for companies with a domain of their own: an administrator allows machines or logins there. Private
accounts send through `smtp.gmail.com`.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp-relay.gmail.com, port: 587}
username: billing@gmail.com
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp-relay.gmail.com, port: 587}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- https://support.google.com/a/answer/2956491
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import free_sender
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML408",
    name="gmail-relay-vs-submission",
    severity=Severity.INFO,
    summary="The Workspace relay takes no mail from private Gmail addresses.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A free address at the relay."""
    return free_sender(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

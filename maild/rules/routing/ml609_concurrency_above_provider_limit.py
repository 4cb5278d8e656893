"""More connections at once than the provider takes.

## What it finds
`limits.connections` above what the provider documents.

## Why it matters
The provider refuses the connections above it, and mail is delayed.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.office365.com, port: 587, auth: xoauth2}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
limits: {connections: 10}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.office365.com, port: 587, auth: xoauth2}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
limits: {connections: 3}
```

## See
- https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML609",
    name="concurrency-above-provider-limit",
    severity=Severity.WARNING,
    summary="More connections at once than the provider takes.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """The account's own number against the provider's."""
    provider, wanted = subject.provider, subject.draft.limits.connections
    allowed = None if provider is None else provider.limits.connections
    if provider is not None and wanted is not None and allowed is not None and wanted > allowed:
        yield Finding(
            message=f"{provider.title} takes at most {allowed} connections at once from an account.",
            place=AtValue(pointer=Pointer("/limits/connections")),
            help=f"Write {code(f'connections: {allowed}')}, or delete the line: maild knows this limit.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

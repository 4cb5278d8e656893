"""A server for tests, which delivers nothing.

## What it finds
Hosts of mail sandboxes, such as `sandbox.smtp.mailtrap.io`.

## Why it matters
Such a server takes every message and only shows it to its owner: nobody gets the mail, and nothing seems to be wrong.

## Bad
```yaml
protocol: smtp
smtp: {host: sandbox.smtp.mailtrap.io, port: 587}
username: 0123456789abcd
email: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: live.smtp.mailtrap.io, port: 587}
username: api
email: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- https://docs.mailtrap.io/
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.providers import owner_of
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import HOST
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML436",
    name="sandbox-host-in-production",
    severity=Severity.WARNING,
    summary="A server for tests, which delivers nothing.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A host that is a sandbox."""
    host = subject.draft.host
    provider = None if host is None else subject.provider or owner_of(host)
    if host is not None and provider is not None and host.lower() in provider.sandbox_hosts:
        yield Finding(
            message=f"{code(host)} is for tests: {provider.title} takes the mail and delivers nothing of it.",
            place=AtValue(pointer=HOST),
            help="Write the host that delivers, unless nobody is meant to get this mail.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

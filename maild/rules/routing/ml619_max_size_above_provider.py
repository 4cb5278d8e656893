"""Larger messages than the provider takes.

## What it finds
`limits.max_size` above the largest message that the provider documents.

## Why it matters
The provider refuses what is above, after the whole message was sent to it.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.postmarkapp.com, port: 587}
username: 5c1a8a5b-0000-4000-8000-000000000000
email: billing@inn.example
password: {env: SMTP_PASSWORD}
limits: {max_size: 50MB}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.postmarkapp.com, port: 587}
username: 5c1a8a5b-0000-4000-8000-000000000000
email: billing@inn.example
password: {env: SMTP_PASSWORD}
limits: {max_size: 10MB}
```

## See
- RFC 1870: how a server says what it takes
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
    code="ML619",
    name="max-size-above-provider",
    severity=Severity.WARNING,
    summary="Larger messages than the provider takes.",
)


_MEGABYTE: Final = 1024**2
"""The larger of the two that providers mean."""


def check(subject: Subject) -> Iterator[Finding]:
    """The account's own number against the provider's."""
    provider, wanted = subject.provider, subject.draft.limits.max_bytes
    allowed = None if provider is None else provider.limits.message_megabytes
    if provider is not None and wanted is not None and allowed is not None and wanted > allowed * _MEGABYTE:
        yield Finding(
            message=f"{provider.title} takes no message of more than {allowed} MB, attachments and their encoding "
            "included.",
            place=AtValue(pointer=Pointer("/limits/max_size")),
            help=f"Write {code(f'max_size: {allowed}MB')}, or delete the line: the server says itself what it takes.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

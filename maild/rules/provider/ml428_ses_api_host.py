"""This Amazon server is not for SMTP.

## What it finds
The HTTP interface of Amazon SES, `email.REGION.amazonaws.com`, and names without a region, as SMTP host.

## Why it matters
Only `email-smtp.REGION.amazonaws.com` speaks SMTP.

## Bad
```yaml
protocol: smtp
smtp: {host: email.us-east-1.amazonaws.com, port: 465}
username: AKIAEXAMPLEEXAMPLE00
email: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: email-smtp.us-east-1.amazonaws.com, port: 465}
username: AKIAEXAMPLEEXAMPLE00
email: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- https://docs.aws.amazon.com/ses/latest/dg/smtp-connect.html
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import wrong_host
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML428",
    name="ses-api-host",
    severity=Severity.ERROR,
    summary="This Amazon server is not for SMTP.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A host of Amazon's that is not for SMTP."""
    return wrong_host(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

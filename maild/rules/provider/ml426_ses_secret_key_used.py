"""An AWS secret key is used as SMTP password.

## What it finds
Passwords for Amazon SES with the form of an AWS secret access key: 40 characters.

## Why it matters
SES wants SMTP credentials, which are made from such a key for one region, and refuses the key itself. The key can do
much more than send mail, so it should not lie around for it.

## Bad
```yaml
protocol: smtp
smtp: {host: email-smtp.eu-west-1.amazonaws.com, port: 465}
username: AKIAEXAMPLEEXAMPLE00
email: billing@inn.example
password: {env: AWS_SECRET}
```

## Good
```yaml
protocol: smtp
smtp: {host: email-smtp.eu-west-1.amazonaws.com, port: 465}
username: AKIAEXAMPLEEXAMPLE00
email: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html
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
    code="ML426",
    name="ses-secret-key-used",
    severity=Severity.ERROR,
    looks_around=True,
    summary="An AWS secret key is used as SMTP password.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A password with the form of an AWS key."""
    return foreign_password(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The provider knows only one username.

## What it finds
Other usernames than the provider's fixed word, such as `resend`, `SMTP_Injection` or `api`.

## Why it matters
The key alone says who sends. With another username the login fails.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.resend.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.resend.com, port: 465}
username: resend
email: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- https://resend.com/docs/send-with-smtp
- https://developers.sparkpost.com/api/smtp/
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import unfit_username
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML435",
    name="fixed-username-provider",
    severity=Severity.ERROR,
    summary="The provider knows only one username.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Another username than the fixed one."""
    return unfit_username(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The provider wants another form of username.

## What it finds
Usernames without a domain at providers that know their customers by address, and e-mail addresses at those that hand
out a login of another kind, such as an API key.

## Why it matters
The provider does not know the account by another name, and the login fails.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.mail.yahoo.com, port: 465}
username: billing
email: billing@yahoo.com
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.mail.yahoo.com, port: 465}
username: billing@yahoo.com
password: {env: SMTP_PASSWORD}
```

## See
- `maild explain ML435`: providers with a fixed username
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
    code="ML438",
    name="provider-username-form",
    severity=Severity.WARNING,
    summary="The provider wants another form of username.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A username that is no address, or is one."""
    return unfit_username(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Microsoft 365 has no port with TLS from the first byte.

## What it finds
Other ports than 587 at Microsoft 365, also where no port is written and 465 is used. Port 25 is the business of
ML301.

## Why it matters
On a port that the provider does not have, the connection is refused or hangs until time runs out.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.office365.com, port: 465, auth: xoauth2}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.office365.com, port: 587, auth: xoauth2}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
-
  https://learn.microsoft.com/exchange/mail-flow-best-practices/how-to-set-up-a-multifunction-device-or-application-to-send-email-using-microsoft-365-or-office-365
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import undocumented_port
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML411",
    name="m365-port-465",
    severity=Severity.ERROR,
    summary="Microsoft 365 has no port with TLS from the first byte.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A port that Microsoft 365 does not have."""
    return undocumented_port(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

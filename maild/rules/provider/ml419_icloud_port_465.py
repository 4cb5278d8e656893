"""iCloud has no port with TLS from the first byte.

## What it finds
Other ports than 587 at iCloud, also where no port is written and 465 is used.

## Why it matters
On a port that the provider does not have, the connection is refused or hangs until time runs out.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.mail.me.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.mail.me.com, port: 587}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- https://support.apple.com/102525
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
    code="ML419",
    name="icloud-port-465",
    severity=Severity.ERROR,
    summary="iCloud has no port with TLS from the first byte.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A port that iCloud does not have."""
    return undocumented_port(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Gmail does not have this port for sending.

## What it finds
Other ports than 465 and 587 at Gmail, port 25 as well.

## Why it matters
On a port that the provider does not have, the connection is refused or hangs until time runs out.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 2525}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- https://developers.google.com/workspace/gmail/imap/imap-smtp
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
    code="ML401",
    name="gmail-port",
    severity=Severity.ERROR,
    summary="Gmail does not have this port for sending.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A port that Gmail does not document."""
    return undocumented_port(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

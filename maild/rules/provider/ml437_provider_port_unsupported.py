"""The provider does not document this port.

## What it finds
Ports that are not in the provider's own list. Some providers have rules of their own for it.

## Why it matters
On a port that the provider does not have, the connection is refused or hangs until time runs out. It may work today
without being promised.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.fastmail.com, port: 2525}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.fastmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- `maild explain ML302`: ports at servers of nobody that maild knows
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
    code="ML437",
    name="provider-port-unsupported",
    severity=Severity.WARNING,
    summary="The provider does not document this port.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A port that is not in the provider's list."""
    return undocumented_port(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

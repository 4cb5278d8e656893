"""The provider takes only senders at the domain that logs in.

## What it finds
An `email` at another domain than the username's, at providers that are known to refuse that. Of Gmail, Microsoft 365,
Yahoo and Zoho rules of their own speak. At servers of nobody that maild knows, a difference says nothing: their
operators decide.

## Why it matters
Each message is refused.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.ionos.de, port: 465}
username: billing@shop.example
email: office@other.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.ionos.de, port: 465}
username: billing@shop.example
email: office@shop.example
password: {env: SMTP_PASSWORD}
```

## See
- https://www.ionos.de/hilfe/e-mail/allgemeine-themen/wichtige-aenderung-fuer-das-versenden-von-e-mails-mit-abweichender-absenderadresse/
- `maild explain ML405`, `ML414`, `ML418`, `ML423`
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.other_sender import other_sender
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML511",
    name="from-domain-not-username-domain",
    severity=Severity.WARNING,
    summary="The provider takes only senders at the domain that logs in.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A sender at another domain than the login's."""
    return other_sender(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

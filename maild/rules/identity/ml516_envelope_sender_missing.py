"""Mail comes from a login that is no mailbox.

## What it finds
A username such as `a1b2c3001@smtp-brevo.com`, handed out by the provider to log in with, where no `email` says which
address the mail comes from.

## Why it matters
It looks like an address, and so mail would come from it. Nobody has a mailbox there: answers and reports of failure go
nowhere, and the provider may refuse it, since nobody has shown that it is theirs.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp-relay.brevo.com, port: 587}
username: a1b2c3001@smtp-brevo.com
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp-relay.brevo.com, port: 587}
username: a1b2c3001@smtp-brevo.com
email: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- https://developers.brevo.com/docs/smtp-integration
- RFC 5321 §4.4: where the reverse-path leads
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.settled_sender import settled_sender
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML516",
    name="envelope-sender-missing",
    severity=Severity.WARNING,
    summary="Mail comes from a login that is no mailbox.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A sender at a domain of logins."""
    provider, sender = subject.provider, settled_sender(subject)
    if provider is None or sender is None or sender.domain not in provider.login_domains:
        return
    yield Finding(
        message=f"Mail would come from the login that {provider.title} hands out. It is no mailbox: answers and "
        "reports of failure would go nowhere.",
        place=AtValue(pointer=sender.pointer),
        help="Say in `email` which address the mail comes from, such as `email: billing@example.com`.",
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

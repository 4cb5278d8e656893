"""The sender's domain exists nowhere.

## What it finds
Senders at `localhost`, `.localdomain` or `.invalid`, and at `.local` where mail leaves through a provider.

## Why it matters
Nobody can answer, and servers refuse mail from domains that do not exist.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing
email: billing@shop.localdomain
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing
email: billing@shop.example
password: {env: SMTP_PASSWORD}
```

## See
- RFC 2606
- RFC 6762 §3
"""

from collections.abc import Iterator
from typing import Final

from maild.config.host import is_loopback
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.settled_sender import settled_sender
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML515",
    name="example-domain",
    severity=Severity.WARNING,
    summary="The sender's domain exists nowhere.",
)

_NOWHERE: Final = frozenset({"localhost", "localdomain", "invalid"})


def check(subject: Subject) -> Iterator[Finding]:
    """Such a sender, unless the server is this machine."""
    host, sender = subject.draft.host, settled_sender(subject)
    if host is None or sender is None or is_loopback(host):
        return
    last = sender.domain.rpartition(".")[2]
    if last in _NOWHERE or (last == "local" and subject.provider is not None):
        yield Finding(
            message=f"There is no domain {code(sender.domain)} outside of your own network.",
            place=AtValue(pointer=sender.pointer),
            help="Write an address that can be answered.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Nobody reads the sender's address, and answers go there.

## What it finds
Senders such as `noreply@` without `reply_to`.

## Why it matters
People do answer. Their mail comes back to them or is lost.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: noreply@example.org
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: noreply@example.org
password: {env: SMTP_PASSWORD}
reply_to: office@example.org
```

## See
- RFC 5322 §3.6.2
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.settled_sender import settled_sender
from maild.rules.spelling import fold
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML514",
    name="noreply-without-reply-to",
    severity=Severity.INFO,
    summary="Nobody reads the sender's address, and answers go there.",
)

_NOBODY: Final = frozenset({"noreply", "donotreply", "nichtantworten", "noresponder", "nepasrepondre"})


def check(subject: Subject) -> Iterator[Finding]:
    """Such a sender."""
    sender = settled_sender(subject)
    if sender is None or subject.value(Pointer("/reply_to")) is not None:
        return
    if fold(sender.mailbox.local) in _NOBODY:
        yield Finding(
            message="Answers go to an address that nobody reads.",
            place=AtValue(pointer=sender.pointer),
            help="Add `reply_to` with an address that somebody reads.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Answers go to another domain than mail comes from.

## What it finds
Reply addresses at another domain than the sender's, where the sender has a domain of its own.

## Why it matters
Spam filters and careful readers look at that. It is fine where it is meant.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {env: SMTP_PASSWORD}
reply_to: office@other.example
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
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
from maild.providers import provider_of_address
from maild.rules.finding import AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.settled_sender import settled_sender
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML513",
    name="reply-to-domain-unrelated",
    severity=Severity.INFO,
    summary="Answers go to another domain than mail comes from.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such address."""
    sender = settled_sender(subject)
    if subject.draft.protocol != "smtp" or sender is None or provider_of_address(sender.domain) is not None:
        return
    if any(getattr(fault, "pointer", "").startswith("/reply_to") for fault in subject.loaded.faults):
        return
    for mailbox in subject.draft.reply_to:
        if not _is_related(mailbox.domain.lower(), sender.domain):
            yield Finding(
                message=f"Mail comes from {code(sender.domain)}, and answers go to {code(mailbox.domain)}.",
                place=AtValue(pointer=Pointer("/reply_to")),
                help="Use an address at the same domain, unless this is meant.",
                because=(Because(place=AtValue(pointer=sender.pointer), message="mail comes from this address"),),
            )


def _is_related(one: str, other: str) -> bool:
    # The same last two labels may also be "co.uk": rather nothing said than something wrong.
    return one.split(".")[-2:] == other.split(".")[-2:]


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

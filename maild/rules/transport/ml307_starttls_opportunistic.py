"""Encryption that is only used where the server offers it.

## What it finds
`mode: starttls-if-available`, `opportunistic` and the like, which other programs have. maild does not.

## Why it matters
Whoever sits in between can take the offer away, and the password goes over the line in clear. maild's `starttls`
insists
on encryption.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 587, tls: {mode: opportunistic}}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 587, tls: {mode: starttls}}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## See
- RFC 8314 §5.1
- RFC 3207 §6
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidChoice
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.spelling import fold
from maild.rules.subject import Subject
from maild.rules.vocabulary import OPPORTUNISTIC
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML307",
    name="starttls-opportunistic",
    severity=Severity.ERROR,
    summary="Encryption that is only used where the server offers it.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Such a mode."""
    for fault in subject.faults(InvalidChoice):
        if fault.pointer == "/smtp/tls/mode" and fold(fault.found) in OPPORTUNISTIC:
            yield Finding(
                message=f"{code(fault.found)} would send the password in clear where the server, or whoever sits in "
                f"between, offers no encryption.",
                place=AtValue(pointer=fault.pointer),
                help="Write `mode: starttls`, which insists on encryption.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""That is no name of an environment variable.

## What it finds
Names after `env:` with other characters than letters, digits and `_`.

## Why it matters
No such variable can be set for a program, so the password cannot be had.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {env: smtp-password}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## See
- environ(7)
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidText
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML507",
    name="env-name-invalid",
    severity=Severity.ERROR,
    summary="That is no name of an environment variable.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """The name; it is not shown, for it may be the password itself."""
    for fault in subject.faults(InvalidText):
        if fault.pointer == "/password/env":
            yield Finding(
                message="The name of an environment variable has only letters, digits and _.",
                place=AtValue(pointer=fault.pointer),
                help="Write only the name, such as `env: SMTP_PASSWORD`: without $, braces or hyphens.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

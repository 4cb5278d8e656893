"""The password is only a placeholder.

## What it finds
Passwords such as `changeme`, `xxx` or `${PASSWORD}`, where they can be looked at.

## Why it matters
The account cannot log in with it, and too many tries may lock it.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {env: PLACEHOLDER}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## See
- `maild explain ML504`: passwords that are not there
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.references import references_of
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.secret import describe

INFO: Final = RuleInfo(
    code="ML505",
    name="secret-empty-or-placeholder",
    severity=Severity.ERROR,
    looks_around=True,
    summary="The password is only a placeholder.",
)

_PLACEHOLDERS: Final = (
    r"(?i:change[-_ ]?me|replace[-_ ]?me|x{3,}|\*{3,}|\.{3}|todo|tbd|password|passwort|your[-_ ]?password|"
    r"my[-_ ]?password|<[^<>]*>|\$\{?[a-z_][a-z0-9_]*\}?|\{\{.*\}\})"
)


def check(subject: Subject) -> Iterator[Finding]:
    """A password that nobody has chosen."""
    secrets = subject.secrets
    if secrets is None:
        return
    for one in references_of(subject):
        if secrets.matches(one.reference, subject.loaded.file, _PLACEHOLDERS):
            yield Finding(
                message=f"The {describe(one.reference)} holds a placeholder, not a password.",
                place=AtValue(pointer=one.pointer),
                help="Put the real password there.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

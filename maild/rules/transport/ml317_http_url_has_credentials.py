"""The URL holds a user name and a password.

## What it finds
`https://user:password@host/` as URL of a mail service.

## Why it matters
URLs are shown in logs and kept under version control, and the password goes everywhere they go.

## Bad
```yaml
protocol: http
http: {url: "https://me:hunter2@email.example/send"}
reply_to: office@inn.example
```

## Good
```yaml
protocol: http
http: {url: "https://email.example/send"}
reply_to: office@inn.example
```

## See
- RFC 3986 §3.2.1
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidUrl
from maild.config.url import HOLDS_LOGIN
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML317",
    name="http-url-has-credentials",
    severity=Severity.ERROR,
    summary="The URL holds a user name and a password.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Such a URL; the login is never shown."""
    for fault in subject.faults(InvalidUrl):
        if fault.problem == HOLDS_LOGIN:
            yield Finding(
                message="The URL holds login data, and whoever sees a copy of this file has them.",
                place=AtValue(pointer=fault.pointer),
                help=f"Write {code(f'url: {fault.suggestion}')}, and change the password at the service.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

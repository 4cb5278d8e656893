"""A version of TLS that protects nothing any more.

## What it finds
`min_version` below 1.2: TLS 1.0, TLS 1.1, and SSL in all its versions.

## Why it matters
These versions are broken, and RFC 8996 forbids them: whoever records the connection can read it later. A server that
knows nothing newer has not been maintained for years. maild speaks 1.2 and 1.3, whatever stands here.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465, tls: {min_version: "1.0"}}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465, tls: {min_version: "1.2"}}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## See
- RFC 8996: TLS 1.0 and 1.1 are retired
- RFC 8314 §3
"""

import re
from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidChoice
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML308",
    name="tls-version-too-low",
    severity=Severity.ERROR,
    summary="A version of TLS that protects nothing any more.",
    is_fixed=True,
)


_OLD: Final = re.compile(r"ssl[ _-]?v?[23](?:[._]0)?|(?:tls[ _-]?v?)?1(?:[._]?[01])?", re.IGNORECASE)


def is_old(fault: InvalidChoice) -> bool:
    """Whether it names such a version, in whatever spelling."""
    return fault.pointer.endswith("/tls/min_version") and _OLD.fullmatch(fault.found) is not None


def check(subject: Subject) -> Iterator[Finding]:
    """Such a version."""
    for fault in subject.faults(InvalidChoice):
        if is_old(fault):
            yield Finding(
                message=f"{code(fault.found)} is a broken version of TLS; maild speaks none older than 1.2.",
                place=AtValue(pointer=fault.pointer),
                help='Write `min_version: "1.2"`, or delete the line. A server that has nothing newer must be updated.',
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

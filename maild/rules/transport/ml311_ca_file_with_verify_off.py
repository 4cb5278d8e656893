"""A certificate is named and not looked at.

## What it finds
`ca_file` together with `verify: false`.

## Why it matters
With `verify: false` any certificate is accepted, so the one that is named protects nothing.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465, tls: {verify: false, ca_file: ca.pem}}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465, tls: {ca_file: ca.pem}}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## See
- `maild explain ML305`
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.config.model import TlsMode
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML311",
    name="ca-file-with-verify-off",
    severity=Severity.WARNING,
    summary="A certificate is named and not looked at.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Both of them."""
    draft = subject.draft
    if (
        subject.provider is None
        and draft.ca_file is not None
        and draft.verify is False
        and draft.tls_mode is not TlsMode.NONE
    ):
        yield Finding(
            message="`verify: false` accepts any certificate, so the one in `ca_file` is not looked at.",
            place=AtValue(pointer=Pointer("/smtp/tls/verify")),
            help="Delete `verify: false`.",
            because=(Because(place=AtValue(pointer=Pointer("/smtp/tls/ca_file")), message="has no effect"),),
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

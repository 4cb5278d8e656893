"""A weaker login than is needed.

## What it finds
`auth: cram-md5`, and `auth: login` at a provider that has PLAIN.

## Why it matters
CRAM-MD5 makes the server keep the password in clear and protects nothing that TLS does not. LOGIN was never
standardised; some servers drop it.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465, auth: cram-md5}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465, auth: plain}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## See
- RFC 8314 §4.1
- RFC 6331 retires DIGEST-MD5 for the like reasons
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.config.model import AuthMechanism, TlsMode
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML314",
    name="weak-auth-method",
    severity=Severity.WARNING,
    summary="A weaker login than is needed.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Such a mechanism on an encrypted connection."""
    draft, provider = subject.draft, subject.provider
    if draft.tls_mode is TlsMode.NONE:
        return
    has_plain = provider is not None and "plain" in provider.mechanisms
    if draft.auth is AuthMechanism.CRAM_MD5:
        message = "CRAM-MD5 makes the server keep the password in clear, and TLS protects it on the way already."
    elif draft.auth is AuthMechanism.LOGIN and has_plain:
        message = "LOGIN was never standardised, and the provider has PLAIN, which does the same."
    else:
        return
    yield Finding(
        message=message,
        place=AtValue(pointer=Pointer("/smtp/auth")),
        help="Delete `auth`: maild takes the best that the server offers.",
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

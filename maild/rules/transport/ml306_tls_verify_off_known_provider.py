"""Verification is off at a provider whose certificates are always valid.

## What it finds
`tls: {verify: false}` with a server of a provider that maild knows, such as Gmail, Yahoo or Microsoft 365.

## Why it matters
These providers have certificates that every computer accepts. If a certificate is refused there, somebody or something
stands in between, and the check is the only thing that protects the password.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465, tls: {verify: false}}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- RFC 8314 §3.1: certificates must be checked
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
    code="ML306",
    name="tls-verify-off-known-provider",
    severity=Severity.ERROR,
    summary="Verification is off at a provider whose certificates are always valid.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Verification switched off, at a known provider."""
    draft, provider = subject.draft, subject.provider
    if draft.verify is not False or draft.tls_mode is TlsMode.NONE or provider is None:
        return
    yield Finding(
        message=f"{provider.title} has valid certificates. With `verify: false` whoever gets in between can read the "
        f"password and every message.",
        place=AtValue(pointer=Pointer("/smtp/tls/verify")),
        help="Delete `verify: false`. If the certificate is refused then, something stands between you and the "
        "server: a virus scanner, a firewall, or an attacker.",
        because=(Because(place=AtValue(pointer=Pointer("/smtp/host")), message=f"a server of {provider.title}"),),
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Any certificate is accepted, and so anybody who pretends to be the server.

## What it finds
`tls: {verify: false}`.

## Why it matters
The connection is encrypted, but nobody knows with whom. Somebody in between can show a certificate of their own and
read the password and every message. It is only ever done for one's own server whose certificate nobody else has
signed; there `ca_file` or `pin_sha256` does the same safely.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.com, port: 465, tls: {verify: false}}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.com, port: 465, tls: {ca_file: mail.example.com.pem}}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- RFC 8314 §3.1: certificates must be checked
- `maild explain ML306`: at a provider it is an error
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.config.model import TlsMode
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML305",
    name="tls-verify-off",
    severity=Severity.WARNING,
    summary="Any certificate is accepted, and so anybody who pretends to be the server.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Verification switched off, at a server of one's own."""
    draft = subject.draft
    if draft.verify is not False or draft.tls_mode is TlsMode.NONE or subject.provider is not None:
        return
    if draft.ca_file is not None or draft.pins:
        return  # ML311 speaks of the contradiction; a pin is no contradiction, it alone decides then
    yield Finding(
        message="With `verify: false` any certificate is accepted: whoever gets in between can read the password "
        "and every message.",
        place=AtValue(pointer=Pointer("/smtp/tls/verify")),
        help="Delete `verify: false`. For your own server with a self-signed certificate, name that certificate "
        "instead, `tls: {ca_file: mail.pem}`, or pin it: `tls: {verify: false, pin_sha256: FINGERPRINT}`.",
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Any certificate is accepted, and so anybody who pretends to be the service.

## What it finds
`tls: {verify: false}` in the section `http`; at a company that maild knows it is an error.

## Why it matters
The request is encrypted, but nobody knows for whom. Somebody in between can show a certificate of their own and read
the key in the request and every message. It is only ever done for one's own service; there `ca_file` does the same
safely.

## Bad
```yaml
protocol: http
http: {url: https://mail.example.org/send, tls: {verify: false}}
reply_to: office@example.org
```

## Good
```yaml
protocol: http
http: {url: https://mail.example.org/send, tls: {ca_file: here.pem}}
reply_to: office@example.org
```

## See
- RFC 9110 §4.3.4: certificates must be checked
- `maild explain ML305`: the same with SMTP
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.api import api_provider
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML316",
    name="http-verify-off",
    severity=Severity.WARNING,
    summary="Any certificate is accepted, and so anybody who pretends to be the service.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Verification switched off."""
    if subject.draft.http_verify is not False or subject.draft.pins:
        return  # a pin alone decides then
    provider = api_provider(subject)
    if provider is None:
        message = "With `verify: false` any certificate is accepted: whoever gets in between can read every message."
        advice = (
            "Delete `verify: false`. For your own service, name its certificate: `tls: {ca_file: service.pem}`, or pin "
            "it: `tls: {verify: false, pin_sha256: FINGERPRINT}`."
        )
    else:
        message = f"{provider.title} has valid certificates. With `verify: false` whoever gets in between reads it all."
        advice = "Delete `verify: false`. If the certificate is refused then, something stands between you and it."
    yield Finding(
        message=message,
        place=AtValue(pointer=Pointer("/http/tls/verify")),
        help=advice,
        severity=None if provider is None else Severity.ERROR,
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

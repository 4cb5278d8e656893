"""The server is given by its number, and certificates are for names.

## What it finds
An IP address as host while the certificate is verified and no certificate of one's own is named.

## Why it matters
Hardly any certificate holds an IP address, so it will not match, and the connection is refused.

## Bad
```yaml
protocol: smtp
smtp: {host: 192.0.2.25, port: 465}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## See
- RFC 8314 §3.1
- RFC 6125 §1.7.2
"""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from maild.config.fault import Pointer
from maild.config.model import TlsMode
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML313",
    name="host-is-ip-with-verify",
    severity=Severity.WARNING,
    summary="The server is given by its number, and certificates are for names.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """An address that is not this machine's."""
    draft = subject.draft
    if draft.host is None or draft.verify is False or draft.ca_file is not None or draft.tls_mode is TlsMode.NONE:
        return
    try:
        address = ip_address(draft.host)
    except ValueError:
        return
    if not address.is_loopback:
        yield Finding(
            message="The certificate must be valid for the host as it is written here, and certificates are for names.",
            place=AtValue(pointer=Pointer("/smtp/host")),
            help="Write the server's name. For a server of your own that has none, name its certificate: "
            "`tls: {ca_file: mail.pem}`.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

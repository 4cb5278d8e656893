"""Port 25 is for mail between servers, not for handing in one's own.

## What it finds
`port: 25`, except for a server on this machine with `tls: {mode: none}`. Of providers without such a port, as Gmail,
another rule speaks (ML401).

## Why it matters
Port 25 is usually unencrypted, many servers take no login on it, and many networks block it, so that mail would wait
for ever. Ports 465 and 587 were made for handing in mail.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.com, port: 25}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- RFC 6409 §3.1: submission has a port of its own
- RFC 8314 §3.3: TLS from the first byte on port 465
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.config.host import is_loopback
from maild.config.model import TlsMode
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.ports import advise_port, lacks_port_25
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.unsettled import is_unsettled

INFO: Final = RuleInfo(
    code="ML301",
    name="port-25-submission",
    severity=Severity.WARNING,
    summary="Port 25 is for mail between servers, not for handing in one's own.",
)


_MODE: Final = Pointer("/smtp/tls/mode")


def check(subject: Subject) -> Iterator[Finding]:
    """Port 25, unless it leads to a relay on this machine that was meant so."""
    draft = subject.draft
    if draft.port != 25 or draft.host is None or lacks_port_25(subject):
        return
    # Over a network, other rules say that nothing is encrypted, and which mode and port to write.
    if draft.tls_mode is TlsMode.NONE or (is_loopback(draft.host) and is_unsettled(subject, _MODE)):
        return
    yield Finding(
        message="Port 25 is for mail between servers: it is usually unencrypted, and many networks block it.",
        place=AtValue(pointer=Pointer("/smtp/port")),
        help=advise_port(subject),
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

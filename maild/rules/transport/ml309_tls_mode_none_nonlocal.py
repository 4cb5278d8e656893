"""Messages would cross the network in clear text.

## What it finds
`tls: {mode: none}` without a login, at a server that is not on this machine. With a login it is ML304.

## Why it matters
Everybody between here and the server can read the messages, and change them.

## Bad
```yaml
protocol: smtp
smtp: {host: relay.example.com, port: 587, tls: {mode: none}}
email: billing@inn.example
```

## Good
```yaml
protocol: smtp
smtp: {host: relay.example.com, port: 587, tls: {mode: starttls}}
email: billing@inn.example
```

## See
- RFC 8314 §3
- `maild explain ML304`
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.config.host import is_loopback
from maild.config.model import TlsMode
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.ports import fitting_mode, logs_in
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML309",
    name="tls-mode-none-nonlocal",
    severity=Severity.ERROR,
    summary="Messages would cross the network in clear text.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """No encryption over a network, without a login."""
    draft = subject.draft
    if draft.tls_mode is not TlsMode.NONE or draft.host is None or is_loopback(draft.host) or logs_in(subject):
        return
    yield Finding(
        message="Without encryption messages cross the network in clear text: anybody on the way can read them.",
        place=AtValue(pointer=Pointer("/smtp/tls/mode")),
        help=f"Write `mode: {fitting_mode(subject)}`, or delete `mode`: then it follows from the port.",
        because=(Because(place=AtValue(pointer=Pointer("/smtp/host")), message="this is not this machine"),),
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

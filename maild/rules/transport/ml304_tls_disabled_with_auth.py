"""The password would cross the network in clear text.

## What it finds
`tls: {mode: none}` together with a login, at a server that is not on this machine.

## Why it matters
Everybody between here and the server can read the password and then send mail in your name. maild does not log in
over such a connection.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.com, port: 587, tls: {mode: none}}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.com, port: 587, tls: {mode: starttls}}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- RFC 8314 §3
- RFC 4954 §4: no PLAIN without encryption
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.config.host import is_loopback
from maild.config.model import TlsMode
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.ports import fitting_mode, logs_in
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML304",
    name="tls-disabled-with-auth",
    severity=Severity.ERROR,
    summary="The password would cross the network in clear text.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """No encryption and a login, over a network."""
    draft = subject.draft
    if draft.tls_mode is not TlsMode.NONE or draft.host is None or is_loopback(draft.host) or not logs_in(subject):
        return
    login = Pointer("/username" if draft.username is not None else "/password")
    yield Finding(
        message="Without encryption the password crosses the network in clear text: anybody on the way can read it.",
        place=AtValue(pointer=Pointer("/smtp/tls/mode")),
        help=f"Write `mode: {fitting_mode(subject)}`, or delete `mode`: then it follows from the port.",
        because=(Because(place=AtKey(pointer=login), message="this account logs in"),),
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

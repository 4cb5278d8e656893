"""A port that neither a standard nor the provider documents for sending.

## What it finds
Ports other than 465, 587, 25, 2525, 2465 and 2587, unless the provider documents them (994 at NetEase, 8465 at
SMTP2GO), or the server is on this machine. No standard names those with four digits, but so many mail services offer
them, for networks that block the others, that they are hardly a slip.

## Why it matters
It is mostly a slip, such as the port of another service: 993 and 995 are for reading mail. On a wrong port nothing
answers, or something that is no mail server.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 993, tls: {mode: implicit}}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465, tls: {mode: implicit}}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- RFC 8314 §3.3 and RFC 6409 §3.1
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.config.host import is_loopback
from maild.diagnostics import Severity
from maild.providers import owner_of
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.ports import advise_port
from maild.rules.provider.near_host import near_host
from maild.rules.provider.reading_name import READING_PORTS, reading_server
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML302",
    name="port-nonstandard",
    severity=Severity.WARNING,
    summary="A port that neither a standard nor the provider documents for sending.",
)

# The last three are in no standard, but in the help pages of many mail services that send for programs.
_USUAL: Final = frozenset({25, 465, 587, 2525, 2465, 2587})


def check(subject: Subject) -> Iterator[Finding]:
    """A port that no standard names, at a server of nobody that maild knows: those have rules of their own."""
    draft = subject.draft
    if draft.port is None or draft.host is None or draft.port in _USUAL or is_loopback(draft.host):
        return
    if subject.provider is not None or owner_of(draft.host) is not None:
        return
    if reading_server(draft.host, draft.port) is not None or near_host(subject) is not None:
        return  # the server is another one, and its port goes with it
    reason = READING_PORTS.get(draft.port)
    yield Finding(
        message=f"Port {draft.port} is for reading mail ({reason}), not for sending it."
        if reason
        else f"Port {draft.port} is no usual port for sending mail, and no standard names it.",
        place=AtValue(pointer=Pointer("/smtp/port")),
        help=advise_port(subject),
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

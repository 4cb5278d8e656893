"""A host carries a port, a scheme or a path.

## What it finds
`host: smtp.gmail.com:587` and `host: smtps://smtp.gmail.com`.

## Why it matters
The host is a name alone; port and encryption have keys of their own. With both in one line nobody could say which
port is in force.

## Bad
```yaml
protocol: smtp
smtp: {host: "smtp.gmail.com:587", port: 587}
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 587}
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## See
- RFC 8314 §3: ports and how TLS begins on them
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import HostWithExtras
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import path_of
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML222",
    name="host-contains-port-or-scheme",
    severity=Severity.ERROR,
    summary="A host carries a port, a scheme or a path.",
    faults=(HostWithExtras,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such host, taken apart into the lines that were meant."""
    for fault in subject.faults(HostWithExtras):
        parts = [word for word, part in (("a scheme", fault.scheme), ("a port", fault.port)) if part is not None]
        lines = [f"host: {fault.host}"]
        port = _port(fault)
        if port is not None:
            lines.append(f"port: {port}")
        # Not the text itself: a URL may carry a password.
        yield Finding(
            message=f"{code(path_of(fault.pointer))} must be the server's name alone, "
            f"but it carries {listed(parts or ['more than that'], 'and')}.",
            place=AtValue(pointer=fault.pointer),
            help=f"Write {listed(map(code, lines), 'and')}.",
        )


def _port(fault: HostWithExtras) -> int | None:
    if fault.port is None and fault.scheme == "smtps":
        return 465
    return fault.port


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

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
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 587}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- RFC 8314 §3: ports and how TLS begins on them
"""

from collections.abc import Iterator
from typing import Final

from maild.config.document import join_pointer
from maild.config.fault import HostWithExtras
from maild.diagnostics import Fix, Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import parent, path_of
from maild.rules.repair import add_key, rewrite_value
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
        port = _port(subject, fault)
        if port is not None:
            lines.append(f"port: {port}")
        # Not the text itself: a URL may carry a password.
        yield Finding(
            message=f"{code(path_of(fault.pointer))} must be the server's name alone, "
            f"but it carries {listed(parts or ['more than that'], 'and')}.",
            place=AtValue(pointer=fault.pointer),
            help=f"Write {listed(map(code, lines), 'and')}.",
            fix=_fix(subject, fault, port),
        )


def _fix(subject: Subject, fault: HostWithExtras, port: int | None) -> Fix | None:
    """The host alone, and the port where it belongs; unsafe where another port stands there already."""
    host = rewrite_value(subject, fault.pointer, fault.host, is_safe=True)
    place = join_pointer(parent(fault.pointer), "port")
    written = subject.value(place)
    if host is None or port is None or written == port:
        return host
    if written is not None:
        other = rewrite_value(subject, place, str(port), is_safe=False)
        return None if other is None else Fix(edits=host.edits + other.edits, is_safe=False)
    added = add_key(subject, fault.pointer, f"port: {port}")
    return None if added is None else Fix(edits=(*host.edits, added), is_safe=fault.port in {None, port})


def _port(subject: Subject, fault: HostWithExtras) -> int | None:
    """The port that is carried; where the provider has no such port, its usual one."""
    if fault.port is None and fault.scheme == "smtps":
        return 465
    provider = subject.provider
    is_lacking = fault.port is not None and provider is not None and provider.mode_of(fault.port) is None
    return provider.best_port.port if provider is not None and is_lacking else fault.port


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

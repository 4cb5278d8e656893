"""The port speaks TLS in another way than the file says.

## What it finds
Port 465 with `mode: starttls`, port 587 with `mode: implicit`, and the like for other ports that a provider documents.
Only where `mode` is written: without it, maild takes the one that fits the port.

## Why it matters
On port 465 encryption begins with the first byte, on port 587 the server speaks first and encryption is switched on
after it. With the wrong one both sides wait for each other until time runs out.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465, tls: {mode: starttls}}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465, tls: {mode: implicit}}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- RFC 8314 §3.3
- RFC 3207 §4
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.config.model import TlsMode
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.ports import port_of_mode
from maild.rules.repair import rewrite_value
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.unsettled import is_unsettled

INFO: Final = RuleInfo(
    code="ML303",
    name="port-tls-mode-mismatch",
    severity=Severity.ERROR,
    summary="The port speaks TLS in another way than the file says.",
)

_PORT: Final = Pointer("/smtp/port")
_MODE: Final = Pointer("/smtp/tls/mode")
_STANDARD: Final = {465: "implicit", 587: "starttls"}
_NAMES: Final = {"implicit": "TLS from the first byte", "starttls": "STARTTLS"}
_SPEAKS: Final = {"implicit": "speaks TLS from the first byte", "starttls": "begins in clear text and switches to TLS"}
_EXPECTS: Final = {"implicit": "begins with TLS at once", "starttls": "waits for the server to speak first"}


def check(subject: Subject) -> Iterator[Finding]:
    """A written mode against the one that the port is known to speak."""
    draft = subject.draft
    written = subject.value(_PORT)
    if draft.tls_mode in {None, TlsMode.NONE} or is_unsettled(subject, _PORT):
        return
    port = draft.effective_port
    known = subject.provider.mode_of(port) if subject.provider is not None else None
    speaks = known or _STANDARD.get(port)
    if speaks is None or speaks == draft.tls_mode:
        return
    other = port_of_mode(subject, str(draft.tls_mode))
    mode = Because(place=AtValue(pointer=_MODE), message=f"this asks for {_NAMES[str(draft.tls_mode)]}")
    yield Finding(
        message=f"{f'Port {port}' if written is not None else f'Port {port} is used here and'} {_SPEAKS[speaks]}, "
        f"but `mode: {draft.tls_mode}` {_EXPECTS[str(draft.tls_mode)]}: the connection would hang.",
        place=AtValue(pointer=_MODE if written is None else _PORT),
        help=f"Write `mode: {speaks}`" + (f", or `port: {other}`." if other is not None else "."),
        because=() if written is None else (mode,),
        fix=rewrite_value(subject, _MODE, speaks, is_safe=written is not None),
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

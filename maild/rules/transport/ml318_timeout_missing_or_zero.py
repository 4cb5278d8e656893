"""A timeout that is none.

## What it finds
`timeout: 0` and other times that are too short for any answer or longer than an hour, in the sections `smtp` and
`http`.

## Why it matters
In other programs 0 means to wait for ever. A server that accepts a connection and then says nothing would hold a
connection for good, and with a few of them nothing is sent any more. maild always has a limit; without `timeout` it is
one that suits nearly every server.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465, timeout: 0s}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465, timeout: 30s}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## See
- RFC 5321 §4.5.3.2: timeouts
- `maild schema account`: what `timeout` bounds, and what it leaves alone
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidDuration, OutOfRange
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML318",
    name="timeout-missing-or-zero",
    severity=Severity.ERROR,
    summary="A timeout that is none.",
    is_fixed=True,
)


_PLACES: Final = frozenset({"/smtp/timeout", "/http/timeout"})
_FOR_EVER: Final = frozenset({"0", "-1", "none", "off", "never", "infinite", "unlimited"})


def is_no_timeout(fault: OutOfRange | InvalidDuration) -> bool:
    """Whether it is a timeout of an account that is out of range, or means to wait for ever."""
    return fault.pointer in _PLACES and (isinstance(fault, OutOfRange) or fault.found.lower() in _FOR_EVER)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such timeout."""
    faults: list[OutOfRange | InvalidDuration] = [*subject.faults(OutOfRange), *subject.faults(InvalidDuration)]
    for fault in faults:
        if is_no_timeout(fault):
            yield Finding(
                message=f"{code(fault.found)} is no time to wait for a server: it must be from 1s to 1h.",
                place=AtValue(pointer=fault.pointer),
                help="Delete the line, since the usual times suit nearly every server, or write one such as "
                "`timeout: 30s`.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Text that is no host name.

## What it finds
Host names with characters that no host name can have, and IP addresses that are none.

## Why it matters
The server cannot be found under such a name.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- RFC 1123 §2.1
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidHostname
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import path_of
from maild.rules.repair import rewrite_value
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML221",
    name="invalid-hostname",
    severity=Severity.ERROR,
    summary="Text that is no host name.",
    faults=(InvalidHostname,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such text, and what is wrong with it."""
    for fault in subject.faults(InvalidHostname):
        wrong = f"{code(fault.found)} is none: {fault.problem.rstrip('.')}" if fault.found else "it is empty"
        meant = fault.suggestion
        yield Finding(
            message=f"{code(path_of(fault.pointer))} must be the name of a server, but {wrong}.",
            place=AtValue(pointer=fault.pointer),
            help=f"Write {code(f'host: {meant}')}." if meant else _advice(fault.found),
            fix=rewrite_value(subject, fault.pointer, meant, is_safe=False) if meant else None,
        )


def _advice(found: str) -> str:
    if "@" in found:
        return "An e-mail address is no server. Write the name of the outgoing server (SMTP) that the provider gives."
    return "Write the one name that the provider gives, such as `smtp.gmail.com`."


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Text that is no host name.

## What it finds
Host names with characters that no host name can have, and IP addresses that are none.

## Why it matters
The server cannot be found under such a name.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
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

# What web pages and word processors make of straight quotes. YAML takes them for letters.
_CURLY: Final = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb"


def check(subject: Subject) -> Iterator[Finding]:
    """Each such text, and what is wrong with it."""
    for fault in subject.faults(InvalidHostname):
        bare = fault.found.strip(_CURLY)
        is_curly = bool(bare) and bare != fault.found
        problem = "curly quotes are part of the name, unlike straight ones" if is_curly else fault.problem.rstrip(".")
        wrong = f"{code(fault.found)} is none: {problem}" if fault.found else "it is empty"
        yield Finding(
            message=f"{code(path_of(fault.pointer))} must be the name of a server, but {wrong}.",
            place=AtValue(pointer=fault.pointer),
            help=f"Write {code(f'host: {bare}')}, without quotes."
            if is_curly
            else "Write the name that the provider gives, such as `smtp.gmail.com`.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

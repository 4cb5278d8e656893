r"""Text that cannot stand there.

## What it finds
Line breaks and other invisible characters in a name, and text that does not have the form its key needs: an address to
listen on, the name of a header field, the name of a file as the name of an account.

## Why it matters
A name is written into the header of every message. A line break in it would begin a new header field, and with that
somebody could change where mail goes.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD}
name: "Example\nShop"
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD}
name: Example Shop
```

## See
- RFC 5322 §2.2
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidText, OutOfRange
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import path_of
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML226",
    name="invalid-text",
    severity=Severity.ERROR,
    summary="Text that cannot stand there.",
    faults=(InvalidText,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such text, and why it cannot stand there."""
    of_wrong_length = {fault.pointer for fault in subject.faults(OutOfRange)}
    for fault in subject.faults(InvalidText):
        if fault.pointer in {"", "/password/env"} | of_wrong_length:
            continue
        yield Finding(
            message=f"The text of {code(path_of(fault.pointer))} cannot be used: {fault.problem.rstrip('.')}.",
            place=AtValue(pointer=fault.pointer),
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

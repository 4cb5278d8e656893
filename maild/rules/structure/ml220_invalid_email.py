"""Text that is no e-mail address.

## What it finds
Addresses with something missing, or more than one address, or a name beside it, where one plain address must stand.

## Why it matters
A server refuses mail from or to such an address, and answers would go nowhere.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD}
reply_to: office@
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD}
reply_to: office@example.com
```

## See
- RFC 5321 §4.1.2
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidEmail
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import path_of
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML220",
    name="invalid-email",
    severity=Severity.ERROR,
    summary="Text that is no e-mail address.",
    faults=(InvalidEmail,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such text, and what is wrong with it."""
    for fault in subject.faults(InvalidEmail):
        if fault.pointer == "/username":
            yield Finding(
                message=f"{code(fault.found)} looks like an e-mail address and is none, so nothing says which address "
                f"the mail comes from.",
                place=AtValue(pointer=fault.pointer),
                help="Correct the username, or add `email: billing@example.com` with the sender's address.",
            )
            continue
        wrong = f"{code(fault.found)} is none: {fault.problem.rstrip('.')}" if fault.found else "it is empty"
        yield Finding(
            message=f"{code(path_of(fault.pointer))} must be an e-mail address, but {wrong}.",
            place=AtValue(pointer=fault.pointer),
            help="Write one address such as `billing@example.com`, without a name or brackets.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

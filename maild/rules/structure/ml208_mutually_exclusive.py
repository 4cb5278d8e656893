"""Of several keys only one may be there.

## What it finds
Keys that answer the same question twice, such as a password that is to be taken from the environment and from a file.

## Why it matters
maild would have to choose, and the one it did not choose would look as if it were in force.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD, file: /run/secrets/smtp}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## See
- `maild explain ML501`: the ways to refer to a password
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import MutuallyExclusive, Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import path_of
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML208",
    name="mutually-exclusive",
    severity=Severity.ERROR,
    summary="Of several keys only one may be there.",
    faults=(MutuallyExclusive,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """The second of the keys, with the first one beside it."""
    for fault in subject.faults(MutuallyExclusive):
        first, *others = (Pointer(f"{fault.pointer}/{key}") for key in fault.keys)
        keys = listed(map(code, fault.keys), "and")
        yield Finding(
            message=f"{keys} stand together under {code(path_of(fault.pointer))}, but only one of them can count.",
            place=AtKey(pointer=others[-1]),
            help="Keep the one that is right and delete the rest.",
            because=tuple(
                Because(place=AtKey(pointer=key), message="this says the same in another way")
                for key in (first, *others[:-1])
            ),
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

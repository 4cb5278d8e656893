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
from maild.rules.finding import AtKey, AtValue, Because, Finding
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
    """The key that is one too many, with the others beside it."""
    for fault in subject.faults(MutuallyExclusive):
        match fault.keys:
            case ("auth: none", key):
                yield Finding(
                    message=f"`auth: none` means that nobody logs in, so {code(key)} would not be used.",
                    place=AtKey(pointer=fault.pointer),
                    help=f"Delete `auth: none`, or {code(key)}.",
                    because=(Because(place=AtValue(pointer=Pointer("/smtp/auth")), message="no login"),),
                )
            case ("username", "email"):
                yield Finding(
                    message="The username is an e-mail address already and the mail comes from it, so this other one "
                    "would not be used.",
                    place=AtValue(pointer=fault.pointer),
                    help="Delete `email`, or write the same address in both places.",
                    because=(Because(place=AtValue(pointer=Pointer("/username")), message="the sender's address"),),
                )
            case _:
                yield _several_ways(fault)


def _several_ways(fault: MutuallyExclusive) -> Finding:
    *others, last = (Pointer(f"{fault.pointer}/{key}") for key in fault.keys)
    return Finding(
        message=f"{listed(map(code, fault.keys), 'and')} stand together under {code(path_of(fault.pointer))}, "
        f"but only one of them can count.",
        place=AtKey(pointer=last),
        help="Keep the one that is right and delete the rest.",
        because=tuple(Because(place=AtKey(pointer=key), message="one way") for key in others),
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""A quoted value begins or ends with a blank.

## What it finds
Blanks just inside the quotes of a value.

## Why it matters
The blank is part of the value: a user name with it is another user name, and the login fails.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: "billing "
email: billing@example.org
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing
email: billing@example.org
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2 §7.3, Flow Scalar Styles
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding, Place
from maild.rules.info import RuleInfo
from maild.rules.pointing import path_of, pattern_of
from maild.rules.repair import strip_value
from maild.rules.rule import Rule
from maild.rules.scalars import ADDRESS_PATTERNS, Scalar, scalars
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML122",
    name="trailing-whitespace-in-value",
    severity=Severity.WARNING,
    summary="A quoted value begins or ends with a blank.",
)


# Of those that look otherwise than they are another rule speaks.
_BLANKS: Final = " \t\r\n"


def check(subject: Subject) -> Iterator[Finding]:
    """Each such value. A program's arguments may be meant so."""
    for scalar in scalars(subject):
        value = scalar.value
        if not isinstance(value, str) or not value.strip() or value == value.strip(_BLANKS):
            continue
        if not scalar.pointer.startswith("/password/command") and pattern_of(scalar.pointer) not in ADDRESS_PATTERNS:
            yield Finding(
                message=f"The value of {code(path_of(scalar.pointer))} {_where(value)} with a blank, which is part "
                f"of it.",
                place=_place(scalar, value),
                help=f"Write {code(value.strip())}.",
                fix=strip_value(subject, scalar.pointer, value.strip()),
            )


def _where(value: str) -> str:
    return "ends" if value == value.lstrip() else "begins"


def _place(scalar: Scalar, value: str) -> Place:
    """The blanks that the message speaks of, where they are written as such."""
    if scalar.raw[1:-1] != value:
        return AtValue(pointer=scalar.pointer)
    bare = value.strip(_BLANKS)
    begin = value.index(bare)
    return scalar.place_of(1, 1 + begin) if begin else scalar.place_of(1 + len(bare), 1 + len(value))


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

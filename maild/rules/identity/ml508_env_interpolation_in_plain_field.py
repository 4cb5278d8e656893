"""maild does not fill in environment variables here.

## What it finds
`${NAME}` in values other than the password.

## Why it matters
It is taken as it is written, so the user name or the path holds a dollar sign and braces.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: "${MAIL_USER}"
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
- `maild explain ML501`: the password is the one thing that can come from the environment
"""

import re
from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import path_of
from maild.rules.rule import Rule
from maild.rules.scalars import scalars
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML508",
    name="env-interpolation-in-plain-field",
    severity=Severity.WARNING,
    summary="maild does not fill in environment variables here.",
)

_VARIABLE: Final = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*(?::?[-?+][^}]*)?\}")


def check(subject: Subject) -> Iterator[Finding]:
    """Each such value. A program's arguments may be meant so, and patterns may look for it."""
    for scalar in scalars(subject):
        value = scalar.value
        is_meant = scalar.pointer.startswith(("/password/command", "/routes"))
        if isinstance(value, str) and not is_meant and _VARIABLE.search(value) is not None:
            yield Finding(
                message=f"maild does not fill in environment variables, so {code(path_of(scalar.pointer))} holds "
                f"the text as it stands.",
                place=AtValue(pointer=scalar.pointer),
                help="Write the value itself; only the password can come from the environment: `{env: NAME}`.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Two accounts share one password.

## What it finds
The same reference to a password in two accounts with different servers or user names.

## Why it matters
One of them is probably copied and not adapted. If both really have the same password, one that leaks opens both.

## Bad
```text
two account files, both with password: {env: SMTP_PASSWORD}
```

## Good
```text
the same with a password of its own for each
```

## See
- `maild explain ML501`: the ways to refer to a password
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import reference_pointer
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code
from maild.secret import describe

INFO: Final = RuleInfo(
    code="ML509",
    name="secret-reused",
    severity=Severity.INFO,
    looks_around=True,
    summary="Two accounts share one password.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """The same reference in the account that is the first one to have it."""
    own, mine = subject.draft, getattr(subject.loaded, "name", "")
    if own.password is None or own.host is None:
        return
    name = subject.first_with.get(own.password, mine)
    other = subject.drafts.get(name, own)
    if name != mine and (other.host, other.username) != (own.host, own.username):
        yield Finding(
            message=f"The account {code(name)} has the same password: both use the {describe(own.password)}.",
            place=AtValue(pointer=reference_pointer(own.password)),
            help="Give each account a password of its own.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

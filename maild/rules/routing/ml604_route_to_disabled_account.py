"""Mail is led to an account that is switched off.

## What it finds
Names of accounts with `enabled: false` in the `accounts` of routes and in `default_account`. Only looked at when the
whole folder is checked.

## Why it matters
Nothing is sent through such an account. Where the route names another one, that one sends; where it does not, the
messages wait until somebody switches the account on. It is no error, since an account is mostly switched off for a
while, and an error would keep maild.yaml from being used.

## Bad
```text
default_account: billing, and accounts/billing.yaml has enabled: false
```

## Good
```text
default_account: billing, and accounts/billing.yaml says nothing about enabled
```

## See
- `maild queue list`: what waits
- `maild queue why ID`: for which account
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.ways import ways
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML604",
    name="route-to-disabled-account",
    severity=Severity.WARNING,
    summary="Mail is led to an account that is switched off.",
    looks_around=True,
)


_DEFAULT: Final = Pointer("/default_account")


def check(subject: Subject) -> Iterator[Finding]:
    """Each place that names such an account."""
    default = subject.value(_DEFAULT)
    named = [(default, _DEFAULT)] if isinstance(default, str) else []
    for name, pointer in (*named, *((way.name, way.pointer) for way in ways(subject))):
        draft = subject.drafts.get(name)
        if draft is not None and draft.enabled is False:
            yield Finding(
                message=f"The account {code(name)} is switched off, so nothing is sent through it.",
                place=AtValue(pointer=pointer),
                help="Delete `enabled: false` in its file, or name another account. What has no other way waits.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""A right key in the wrong place.

## What it finds
Keys of maild that stand under another key than they belong to, such as `verify` at the top level.

## Why it matters
Where it stands, nothing reads it, so the setting is not in force.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD}
verify: true
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465, tls: {verify: true}}
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## See
- `maild schema account` and `maild schema maild`: every key and where it belongs
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import UnknownKey
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import parent
from maild.rules.repair import move_key
from maild.rules.routing.ml613_retry_on_auth_failure import is_about_logins
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.suggestion import is_misplaced, level_of, meant_key
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML206",
    name="key-wrong-level",
    severity=Severity.ERROR,
    summary="A right key in the wrong place.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such key, and where it belongs."""
    for fault in subject.faults(UnknownKey):
        meant = meant_key(subject, fault)
        if meant is not None and is_misplaced(fault, meant) and not is_about_logins(fault.key):
            yield Finding(
                message=f"The key {code(fault.key)} has no effect {level_of(parent(fault.pointer))}.",
                place=AtKey(pointer=fault.pointer),
                help=f"Move it: {code(fault.key)} belongs {level_of(parent(meant))}.",
                fix=move_key(subject, fault.pointer, meant),
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

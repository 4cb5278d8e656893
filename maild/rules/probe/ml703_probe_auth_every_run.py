"""The login is tried too often.

## What it finds
A `probe.auth_interval` under 15 minutes.

## Why it matters
Google, Microsoft and others lock accounts that log in again and again.

## Bad
```yaml
# maild.yaml
probe: {auth_interval: 5m}
```

## Good
```yaml
# maild.yaml
probe: {auth_interval: 6h}
```

## See
- `maild explain ML701`: connections without login
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML703",
    name="probe-auth-every-run",
    severity=Severity.WARNING,
    summary="The login is tried too often.",
)

_SHORTEST: Final = timedelta(minutes=15)


def check(subject: Subject) -> Iterator[Finding]:
    """The interval."""
    site = subject.site
    if site is not None and site.probe.auth_interval < _SHORTEST:
        yield Finding(
            message="Providers lock accounts that log in so often.",
            place=AtValue(pointer=Pointer("/probe/auth_interval")),
            help="Write at least `15m`; the usual `6h` is often enough.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

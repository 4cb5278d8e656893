"""The servers are looked at too often.

## What it finds
A `probe.interval` under 30 seconds.

## Why it matters
Providers take many connections for an attack and lock the sender out, and then nothing is sent.

## Bad
```yaml
# maild.yaml
probe: {interval: 5s}
```

## Good
```yaml
# maild.yaml
probe: {interval: 5m}
```

## See
- `maild explain ML703`: logins
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
    code="ML701",
    name="probe-interval-too-short",
    severity=Severity.WARNING,
    summary="The servers are looked at too often.",
)

_SHORTEST: Final = timedelta(seconds=30)


def check(subject: Subject) -> Iterator[Finding]:
    """The interval."""
    site = subject.site
    if site is not None and site.probe.interval < _SHORTEST:
        yield Finding(
            message="Providers take so many connections for an attack and may lock the account out.",
            place=AtValue(pointer=Pointer("/probe/interval")),
            help="Write at least `30s`; the usual `5m` is often enough.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

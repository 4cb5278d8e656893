"""Mail is tried again too often.

## What it finds
A last delay of `retry` under a minute: it repeats until the message is given up.

## Why it matters
Servers take that for an attack and lock the sender out for longer than the delay would have been.

## Bad
```yaml
# maild.yaml
delivery: {retry: [1s]}
```

## Good
```yaml
# maild.yaml
delivery: {retry: [10s, 1m, 10m]}
```

## See
- RFC 5321 §4.5.4.1: at least 30 minutes in general
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
    code="ML611",
    name="retry-too-aggressive",
    severity=Severity.WARNING,
    summary="Mail is tried again too often.",
)

_SHORTEST: Final = timedelta(minutes=1)


def check(subject: Subject) -> Iterator[Finding]:
    """The delay that repeats."""
    delivery = None if subject.site is None else subject.site.delivery
    if delivery is not None and delivery.retry[-1] < _SHORTEST:
        yield Finding(
            message="The last delay repeats until the message is given up, and this one is under a minute.",
            place=AtValue(pointer=Pointer(f"/delivery/retry/{len(delivery.retry) - 1}")),
            help="Add longer delays behind it, such as `10m` and `1h`.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

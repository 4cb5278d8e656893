"""Mail is tried for longer than is usual.

## What it finds
A `lifetime` above five days.

## Why it matters
Nobody hears of mail that cannot be delivered until then. Five days are what mail servers use.

## Bad
```yaml
# maild.yaml
delivery: {lifetime: 14d}
```

## Good
```yaml
# maild.yaml
delivery: {lifetime: 5d}
```

## See
- RFC 5321 §4.5.4.1
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
    code="ML612",
    name="retry-window-over-5-days",
    severity=Severity.INFO,
    summary="Mail is tried for longer than is usual.",
)

_USUAL: Final = timedelta(days=5)


def check(subject: Subject) -> Iterator[Finding]:
    """The lifetime."""
    delivery = None if subject.site is None else subject.site.delivery
    if delivery is not None and delivery.lifetime > _USUAL:
        yield Finding(
            message="The sender only hears after this time that a message could not be delivered.",
            place=AtValue(pointer=Pointer("/delivery/lifetime")),
            help="Five days (`5d`) are usual.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

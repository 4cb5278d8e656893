"""Mail is given up before the second try.

## What it finds
A `lifetime` that is shorter than the first delay of `retry`.

## Why it matters
A message that is refused for a moment is given up without having been tried again.

## Bad
```yaml
# maild.yaml
delivery: {retry: [2h, 4h], lifetime: 1h}
```

## Good
```yaml
# maild.yaml
delivery: {retry: [10m, 1h], lifetime: 1d}
```

## See
- RFC 5321 §4.5.4.1
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML610",
    name="retry-window-shorter-than-backoff",
    severity=Severity.ERROR,
    summary="Mail is given up before the second try.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """The two durations."""
    delivery = None if subject.site is None else subject.site.delivery
    if delivery is not None and delivery.lifetime <= delivery.retry[0]:
        yield Finding(
            message="A message is given up before it is tried a second time.",
            place=AtValue(pointer=Pointer("/delivery/lifetime")),
            help="Write a longer `lifetime`, such as `5d`, or a shorter first delay.",
            because=(Because(place=AtValue(pointer=Pointer("/delivery/retry/0")), message="the first delay"),),
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""A probe may take longer than the time until the next one.

## What it finds
`probe.timeout` that is not shorter than `probe.interval`.

## Why it matters
A server that answers slowly would be probed without a pause, and what the status says of it would always be old.

## Bad
```yaml
# maild.yaml
probe: {interval: 1m, timeout: 2m}
```

## Good
```yaml
# maild.yaml
probe: {interval: 5m, timeout: 90s}
```

## See
- `maild schema maild`: the keys of `probe`
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML702",
    name="probe-timeout-ge-interval",
    severity=Severity.ERROR,
    summary="A probe may take longer than the time until the next one.",
)


_TIMEOUT: Final = Pointer("/probe/timeout")


def check(subject: Subject) -> Iterator[Finding]:
    """The two, where the file sets the timeout."""
    site = subject.site
    is_written = subject.value(_TIMEOUT) is not None
    if site is not None and is_written and site.probe.timeout >= site.probe.interval:
        yield Finding(
            message="A probe may take as long as it is until the next one, so a slow server is probed without a pause.",
            place=AtValue(pointer=_TIMEOUT),
            help="Write a shorter `timeout`, or a longer `interval`; usual are `90s` and `5m`.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

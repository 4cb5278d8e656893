"""What maild knows of the provider is old.

## What it finds
Accounts at a provider whose facts were last read more than a year ago.

## Why it matters
Providers change their ports, limits and logins. A newer maild may know more; what this one says of the provider may
no longer be right.

## Bad
```text
an account at Gmail, checked a year after this maild was made
```

## Good
```text
the same account, checked with a newer maild
```

## See
- `maild --version`
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.features import OLD
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import HOST
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML439",
    name="provider-table-stale",
    severity=Severity.INFO,
    summary="What maild knows of the provider is old.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """The day on which the provider's facts were last read."""
    provider = subject.provider
    if provider is not None and subject.now.date() - provider.checked > OLD:
        yield Finding(
            message=f"What maild knows of {provider.title} was last read on {provider.checked.isoformat()}.",
            place=AtValue(pointer=HOST),
            help="Install a newer maild.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

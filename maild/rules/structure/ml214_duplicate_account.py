"""Two files mean the same account, or both mean the daemon's own settings.

## What it finds
`accounts/billing.yaml` beside `accounts/billing.yml`, `maild.yaml` beside `maild.yml`: the name of an account is its
file's name without the ending.

## Why it matters
Only one of the two can be in force. The daemon keeps the one that it had first and leaves the other aside, so that a
file that was added by mistake changes nothing.

## Bad
```text
accounts/billing.yaml
accounts/billing.yml
```

## Good
```text
accounts/billing.yaml
```

## See
- `maild status`: which of the files is in force
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML214",
    name="duplicate-account",
    severity=Severity.ERROR,
    summary="Two files mean the same account, or both mean the daemon's own settings.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:  # noqa: ARG001 -- every rule is called alike
    """Nothing: one file alone does not show it; whoever reads the folder reports in its name."""
    yield from ()


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

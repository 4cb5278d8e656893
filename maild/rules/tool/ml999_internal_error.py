"""A rule crashed; the other rules still ran.

## What it finds
A mistake in maild itself.

## Why it matters
One rule could not do its work on this file, so a mistake in the file may go unseen.

## Bad
```text
any file that makes a rule crash
```

## Good
```text
the same file with a maild in which the rule was corrected
```

## See
- Please report it, with the file if it can be shown
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML999",
    name="internal-error",
    severity=Severity.ERROR,
    summary="A rule crashed; the other rules still ran.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:  # noqa: ARG001 -- every rule is called alike
    """Nothing: the engine reports in this rule's name when another one crashes."""
    yield from ()


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

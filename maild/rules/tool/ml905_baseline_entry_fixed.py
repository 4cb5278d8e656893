"""The baseline records a finding that was put right.

## What it finds
Entries of the file that `--baseline` names for which there is no finding any more.

## Why it matters
The baseline would hide the same mistake when somebody makes it again.

## Bad
```text
maild check --baseline maild-baseline.json     # and one of its findings is gone
```

## Good
```text
maild check --baseline maild-baseline.json --write-baseline
```

## See
- `maild check --help`
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML905",
    name="baseline-entry-fixed",
    severity=Severity.INFO,
    summary="The baseline records a finding that was put right.",
)


def check(subject: Subject) -> Iterator[Finding]:  # noqa: ARG001 -- every rule is called alike
    """Nothing: whoever compares a report with a baseline reports in this rule's name."""
    yield from ()


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

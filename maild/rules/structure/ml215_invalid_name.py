"""An account's name cannot be used.

## What it finds
Account files whose name has other characters than letters, digits, blanks and `. - _ + @`, or does not begin with a
letter or digit.

## Why it matters
An account is named by its file. The name is used for folders, in metrics and in messages.

## Bad
```text
accounts/*billing.yaml
```

## Good
```text
accounts/billing.yaml
```

## See
- `maild account list`: the names of all accounts
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidText
from maild.diagnostics import Severity
from maild.rules.finding import Finding, WholeFile
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML215",
    name="invalid-name",
    severity=Severity.ERROR,
    summary="An account's name cannot be used.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """The file's name."""
    for fault in subject.faults(InvalidText):
        if not fault.pointer:
            yield Finding(
                message=f"The file must be renamed: {fault.problem.rstrip('.')}.",
                place=WholeFile(),
                help="Give it a plain name such as `billing.yaml`.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

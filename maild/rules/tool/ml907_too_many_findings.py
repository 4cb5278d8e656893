"""A file has more findings than anybody reads.

## What it finds
Files with more than a hundred findings. The first hundred are shown, in the order of the file, and this one after
them; it is as severe as the worst of those that are left out. Also files with more than 5,000 places that look like
passwords: of such a file nothing else is said, and nothing of it is shown.

## Why it matters
Most of them will have one cause, such as a file that is no configuration, or a list that a program wrote. Nothing
below this line was said to be right.

## Bad
```text
a file with more than a hundred mistakes
```

## Good
```text
a file with fewer
```

## See
- `maild check --fix`: mends what a program can
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML907",
    name="too-many-findings",
    severity=Severity.ERROR,
    summary="A file has more findings than anybody reads.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:  # noqa: ARG001 -- every rule is called alike
    """Nothing: `rules.excess` counts what all the others found."""
    yield from ()


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The lint settings or an ignore comment weaken a rule that cannot be weakened.

## What it finds
Codes in `lint.severity` and `lint.ignore` of maild.yaml, and rules in comments `# maild: ignore`, that are about a file
that cannot be used, or must not be.

## Why it matters
The setting has no effect. Hiding the message would not make the file usable: its account would silently not send.

## Bad
```yaml
# maild.yaml
lint: {severity: {ML501: info}}
```

## Good
```yaml
# maild.yaml
lint: {severity: {ML301: info}}
```

## See
- `maild rules`: every rule, and which of them are fixed
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.settings import named_rules
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML906",
    name="rule-not-adjustable",
    severity=Severity.WARNING,
    summary="The lint settings or an ignore comment weaken a rule that cannot be weakened.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each code of a fixed rule."""
    for _, info, place in named_rules(subject):
        if info is not None and info.is_fixed:
            yield Finding(
                message=f"The rule {code(info.code)} ({info.name}) cannot be changed or ignored, so this has no "
                f"effect: a file that it is about cannot be used.",
                place=place,
                help="Delete it and correct the file instead.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The lint settings name a rule that does not exist.

## What it finds
Codes in `lint.severity` and `lint.ignore` of maild.yaml that are no rule's.

## Why it matters
The setting has no effect: what should be ignored is reported, or the other way round.

## Bad
```yaml
# maild.yaml
lint: {ignore: [ML300]}
```

## Good
```yaml
# maild.yaml
lint: {ignore: [ML301]}
```

## See
- `maild rules`: every rule
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
    code="ML904",
    name="unknown-rule",
    severity=Severity.ERROR,
    summary="The lint settings name a rule that does not exist.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each code that no rule has."""
    for rule, place in named_rules(subject):
        if rule not in subject.rules:
            yield Finding(
                message=f"There is no rule {code(rule)}, so this setting has no effect.",
                place=place,
                help="`maild rules` lists every rule with its code.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

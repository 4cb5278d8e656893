"""A route comes back to an account that it has already named.

## What it finds
The same account twice in the `accounts` of one route.

## Why it matters
The second time it is of no use: when an account cannot send, it cannot send a moment later. Mostly another account was
meant, and then there is no second choice where everybody believes that there is one.

## Bad
```yaml
# maild.yaml, beside accounts/billing.yaml and accounts/shop.yaml
routes: [{match: {}, accounts: [shop, billing, shop]}]
```

## Good
```yaml
# maild.yaml, beside accounts/billing.yaml and accounts/shop.yaml
routes: [{match: {}, accounts: [shop, billing]}]
```

## See
- `maild explain ML606`: two accounts that fail together
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.ways import Way, ways
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML603",
    name="route-loop",
    severity=Severity.ERROR,
    summary="A route comes back to an account that it has already named.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each account that the same route has named before."""
    first: dict[tuple[int, str], Way] = {}
    for way in ways(subject):
        before = first.setdefault((way.route, way.name), way)
        if before is not way:
            yield Finding(
                message=f"This route has {code(way.name)} already: when it cannot send, it cannot send here either.",
                place=AtValue(pointer=way.pointer),
                help="Delete one of the two, or name the account that was meant.",
                because=(Because(place=AtValue(pointer=before.pointer), message="the first time"),),
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

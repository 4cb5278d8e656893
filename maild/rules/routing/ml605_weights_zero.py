"""A route whose accounts all have weight 0.

## What it finds
`accounts` of a route in which every account has `weight: 0`.

## Why it matters
Weight 0 means: only when no other account can take the message. When all of them have it, there is no other one, and
the shares that somebody meant to give say nothing.

## Bad
```yaml
# maild.yaml, beside accounts/billing.yaml and accounts/shop.yaml
routes: [{match: {}, accounts: [{account: shop, weight: 0}, {account: billing, weight: 0}]}]
```

## Good
```yaml
# maild.yaml, beside accounts/billing.yaml and accounts/shop.yaml
routes: [{match: {}, accounts: [{account: shop, weight: 3}, {account: billing, weight: 1}]}]
```

## See
- `maild schema maild`: what a weight means
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
    code="ML605",
    name="weights-zero",
    severity=Severity.ERROR,
    summary="A route whose accounts all have weight 0.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such route."""
    for index, route in enumerate(() if subject.site is None else subject.site.routes):
        if route.weights and not any(route.weight_of(name) for name in route.accounts):
            yield Finding(
                message="All accounts of this route have weight 0, so none of them has a share of the mail.",
                place=AtValue(pointer=Pointer(f"/routes/{index}/accounts")),
                help="Give at least one a weight above 0, or write the names alone, the preferred account first.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Some mail has no account to go through.

## What it finds
Routes that do not take everything, without a `default_account`, where there are several accounts.

## Why it matters
Mail that no route matches is not sent; it waits until somebody decides.

## Bad
```yaml
# maild.yaml
routes: [{match: {from: "*@shop.example"}, accounts: [shop, billing]}]
```

## Good
```yaml
# maild.yaml
default_account: billing
routes: [{match: {from: "*@shop.example"}, accounts: [shop, billing]}]
```

## See
- `maild explain ML602`: routes that never match
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.config.route import Route
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML601",
    name="no-default-route",
    severity=Severity.WARNING,
    looks_around=True,
    summary="Some mail has no account to go through.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A site where something can remain."""
    site = subject.site
    if site is None or subject.accounts is None or len(subject.accounts) < 2 or site.default_account is not None:
        return
    if site.routes and not any(_takes_all(route) for route in site.routes):
        yield Finding(
            message="Mail that no route matches has no account to go through.",
            place=AtKey(pointer=Pointer("/routes")),
            help=f"Add {code(f'default_account: {subject.accounts[0]}')}, or a last route with an empty `match: {{}}`.",
        )


def _takes_all(route: Route) -> bool:
    patterns = (route.match.sender, route.match.recipient)
    return not route.match.headers and all(pattern is None or not pattern.strip("*") for pattern in patterns)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""An account that no route uses.

## What it finds
Accounts that neither a route nor `default_account` names, where there are routes.

## Why it matters
Mail goes through such an account only when it is dropped into the account's own folder. Perhaps a route is missing.

## Bad
```yaml
# maild.yaml
default_account: billing
routes: [{match: {from: "*@shop.example"}, accounts: [billing]}]
```

## Good
```yaml
# maild.yaml
default_account: billing
routes: [{match: {from: "*@shop.example"}, accounts: [shop, billing]}]
```

## See
- `maild explain ML216`: names without an account
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.ways import ways
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML217",
    looks_around=True,
    name="unused-definition",
    severity=Severity.INFO,
    summary="An account that no route uses.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such account; only where all accounts are known and every name leads to one."""
    routes = subject.value(Pointer("/routes"))
    if subject.accounts is None or subject.loaded.faults or not isinstance(routes, list) or not routes:
        return
    used = {subject.value(Pointer("/default_account")), *(way.name for way in ways(subject))}
    used.discard(None)
    unused = [name for name in subject.accounts if name not in used]
    if unused and used <= set(subject.accounts):
        yield Finding(
            message=f"No route uses {listed(map(code, unused), 'or')}, so only what is dropped into an account's own "
            f"folder goes through it.",
            place=AtKey(pointer=Pointer("/routes")),
            help="Name it in a route or as `default_account`, or delete its file.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

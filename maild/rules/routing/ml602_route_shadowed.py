"""A route that never matches.

## What it finds
Routes behind one that takes everything they would take.

## Why it matters
The first route that matches decides, so this one has no effect.

## Bad
```yaml
# maild.yaml
default_account: shop
routes:
  - {match: {from: "*"}, accounts: [billing]}
  - {match: {from: "*@shop.example"}, accounts: [shop]}
```

## Good
```yaml
# maild.yaml
default_account: shop
routes:
  - {match: {from: "*@shop.example"}, accounts: [shop]}
  - {match: {from: "*"}, accounts: [billing]}
```

## See
- `maild schema maild`: how routes match
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from maild.config.fault import Pointer
from maild.config.route import Route
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML602",
    name="route-shadowed",
    severity=Severity.WARNING,
    summary="A route that never matches.",
)

# Each route is held against all before it.
_MOST: Final = 200


def check(subject: Subject) -> Iterator[Finding]:
    """Each route with the first one before it that is wider."""
    routes = () if subject.site is None else subject.site.routes
    for index, route in enumerate(routes[:_MOST]):
        wider = next((before for before, other in enumerate(routes[:index]) if _covers(other, route)), None)
        if wider is not None:
            yield Finding(
                message=f"Route {wider + 1} takes everything that this route would take.",
                place=AtValue(pointer=Pointer(f"/routes/{index}/match")),
                help="Move this route before it, or delete it.",
                because=(Because(place=AtValue(pointer=Pointer(f"/routes/{wider}/match")), message="takes all of it"),),
            )


def _covers(wide: Route, narrow: Route) -> bool:
    pairs = [(wide.match.sender, narrow.match.sender), (wide.match.recipient, narrow.match.recipient)]
    pairs += [(pattern, narrow.match.headers.get(name)) for name, pattern in wide.match.headers.items()]
    return all(_takes(wanted, given) for wanted, given in pairs)


def _takes(wide: str | None, narrow: str | None) -> bool:
    if wide is None:
        return True
    if narrow is None:
        return False
    # A pattern read as a text: right as long as the wide one has no other sign than *.
    return wide.lower() == narrow.lower() or (not set("?[") & set(wide) and fnmatchcase(narrow.lower(), wide.lower()))


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The second choice fails together with the first.

## What it finds
Accounts of one route that have the same server and the same user name.

## Why it matters
When the first cannot send because the server is down or the login is refused, the next one cannot either.

## Bad
```text
a route with two accounts that log in to the same server as the same user
```

## Good
```text
a route whose second account has another server or login
```

## See
- `maild explain ML601`
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.ways import ways
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML606",
    name="fallback-same-host",
    severity=Severity.WARNING,
    looks_around=True,
    summary="The second choice fails together with the first.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each account that is the same as the one before it."""
    for before, way in pairwise(ways(subject)):
        one, other = subject.drafts.get(before.name), subject.drafts.get(way.name)
        if before.route != way.route or one is None or other is None or one.host is None or before.name == way.name:
            continue
        if (one.host, one.username) == (other.host, other.username):
            yield Finding(
                message=f"{code(way.name)} has the same server and user name as {code(before.name)}, so both fail "
                "together.",
                place=AtValue(pointer=way.pointer),
                help="Name an account with another server, or only one of the two.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

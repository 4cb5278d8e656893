"""The same address twice.

## What it finds
An address that stands in `web.listen` more than once.

## Why it matters
Only one of them can be opened, and maild would not start its page.

## Bad
```yaml
# maild.yaml
web: {listen: ["127.0.0.1:9725", "127.0.0.1:9725"]}
```

## Good
```yaml
# maild.yaml
web: {listen: ["127.0.0.1:9725", "[::1]:9725"]}
```

## See
- `maild schema maild`
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML709",
    name="metrics-port-conflict",
    severity=Severity.ERROR,
    summary="The same address twice.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each address that was there before."""
    listen = () if subject.site is None else subject.site.web.listen
    for index, address in enumerate(listen):
        if address in listen[:index] and not address.endswith(":0"):
            first = Pointer(f"/web/listen/{listen.index(address)}")
            yield Finding(
                message=f"{code(address)} stands here a second time, and only one can be opened.",
                place=AtValue(pointer=Pointer(f"/web/listen/{index}")),
                help="Delete one of the two.",
                because=(Because(place=AtValue(pointer=first), message="the first"),),
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The spool lies where the accounts lie.

## What it finds
A relative `spool.path` that leads into the folder `accounts`, or to the folder of the configuration itself.

## Why it matters
Every message would wake the watch over the configuration, and mail would be kept under version control.

## Bad
```yaml
# maild.yaml
spool: {path: accounts/spool}
```

## Good
```yaml
# maild.yaml
spool: {path: /var/lib/maild/spool}
```

## See
- `maild schema maild`: where the spool is without this key
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
    code="ML615",
    name="spool-inside-config-dir",
    severity=Severity.ERROR,
    summary="The spool lies where the accounts lie.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """The path, as far as it can be told without looking."""
    spool = None if subject.site is None else subject.site.spool
    if spool is not None and not spool.is_absolute() and spool.parts[:1] in {(), ("accounts",)}:
        yield Finding(
            message="The spool would lie among the configuration files, and every message would be taken for an edit.",
            place=AtValue(pointer=Pointer("/spool/path")),
            help="Write a path outside of it, such as `/var/lib/maild/spool`.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

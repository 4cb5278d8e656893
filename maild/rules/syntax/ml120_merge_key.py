"""The merge key `<<` of YAML 1.1.

## What it finds
The key `<<`, which YAML 1.1 had to copy the keys of another mapping.

## Why it matters
maild reads YAML 1.2, which has no such key: nothing is copied, and what was meant to be shared is not in force. Whole
values can be shared with an anchor (`&name`) and an alias (`*name`).

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
limits: &few {per_minute: 20}
delivery:
  <<: *few
  lifetime: 2d
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
reply_to: &office office@inn.example
copy_to: *office
```

## See
- YAML 1.2.2 (https://yaml.org/spec/1.2.2/)
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import MERGE_KEY, UnknownKey
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML120",
    name="merge-key",
    severity=Severity.ERROR,
    summary="The merge key `<<` of YAML 1.1.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such key."""
    for fault in subject.faults(UnknownKey):
        if fault.key == MERGE_KEY:
            yield Finding(
                message="The merge key `<<` is no part of YAML 1.2, so nothing is copied here.",
                place=AtKey(pointer=fault.pointer),
                help="Write the keys themselves here. An alias can stand for a whole value: `copy_to: *office`.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The file is larger than a configuration can be.

## What it finds
Files over 1 MiB.

## Why it matters
A configuration has a few lines. A file of this size is a mistake, such as a mailbox or a log under the wrong name, and
reading it would only cost time and memory.

## Bad
```text
a mailbox of 5 MB called accounts/inbox.yaml
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- `maild schema account`: every key that an account file can have
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import TooLarge
from maild.diagnostics import Severity
from maild.rules.finding import Finding, WholeFile
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML103",
    name="file-too-large",
    severity=Severity.ERROR,
    summary="The file is larger than a configuration can be.",
    faults=(TooLarge,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """The size against the limit."""
    for fault in subject.faults(TooLarge):
        limit = fault.limit_bytes // 1024
        yield Finding(
            message=f"The file has more than {limit} KiB, so it was not read: no configuration is as large.",
            place=WholeFile(),
            help="Move the file out of the configuration folder if it is none of maild's.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

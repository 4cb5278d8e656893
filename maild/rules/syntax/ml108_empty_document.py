"""The file of an account is empty.

## What it finds
An account file without any key: nothing at all, or only comments. An empty `maild.yaml` is fine, it means all
defaults.

## Why it matters
An account is there as soon as its file is. An empty one looks like an account and cannot send.

## Bad
```yaml
# billing of the shop
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- `maild schema account`: the keys of an account
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import UnsupportedYaml
from maild.diagnostics import Severity
from maild.rules.finding import Finding, WholeFile
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML108",
    name="empty-document",
    severity=Severity.ERROR,
    summary="The file of an account is empty.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """The whole file, once."""
    document = subject.loaded.document
    goes_on = any(fault.kind == "document" for fault in subject.faults(UnsupportedYaml))
    if subject.is_account and document is not None and document.value is None and not goes_on:
        is_silenced = subject.loaded.text.lstrip().startswith("#")
        yield Finding(
            message="The file holds nothing but comments, so there is no account in it."
            if is_silenced
            else "The file is empty, so there is no account in it.",
            place=WholeFile(),
            help="Write the account's settings, or take the # away where it stands before them; else delete the file."
            if is_silenced
            else "Write the account's settings, beginning with `protocol: smtp`, or delete the file.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Everybody on this machine may read the password's file.

## What it finds
Files of passwords that are readable for everybody.

## Why it matters
Every program and person on the machine can read the password.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {file: open.password}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {file: closed.password}
```

## See
- chmod(1): `chmod 640 FILE`, and the group of maild's user
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.references import references_of
from maild.rules.rule import Rule
from maild.rules.subject import Exposure, Subject
from maild.secret import describe

INFO: Final = RuleInfo(
    code="ML503",
    name="secret-file-permissions",
    severity=Severity.ERROR,
    looks_around=True,
    summary="Everybody on this machine may read the password's file.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """The permissions of the file that is referred to."""
    secrets = subject.secrets
    if secrets is None:
        return
    for one in references_of(subject):
        if secrets.exposure(one.reference, subject.loaded.file) is Exposure.OTHERS:
            yield Finding(
                message=f"Everybody on this machine may read the {describe(one.reference)}.",
                place=AtValue(pointer=one.pointer),
                help="Let only maild's user read it: `chmod 600`, or `chmod 640` with its group.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

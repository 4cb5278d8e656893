"""The password's file is under version control.

## What it finds
Files of passwords that Git keeps.

## Why it matters
Whoever has a copy of the repository has the password, for ever. Once it was committed, change it at the provider.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {file: tracked.password}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {file: /etc/maild/billing.password}
```

## See
- gitignore(5)
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
    code="ML510",
    name="secret-file-in-repo",
    severity=Severity.ERROR,
    looks_around=True,
    summary="The password's file is under version control.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Whether the file that is referred to is in Git's list."""
    secrets = subject.secrets
    if secrets is None:
        return
    for one in references_of(subject):
        if secrets.exposure(one.reference, subject.loaded.file) is not Exposure.TRACKED:
            continue
        yield Finding(
            message=f"Git keeps the {describe(one.reference)}: whoever has a copy of the repository has the password.",
            place=AtValue(pointer=one.pointer),
            help="Change the password, keep it outside of the repository, and take the file out: `git rm --cached`.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The password that the file refers to cannot be had here.

## What it finds
An environment variable that is not set, a file that is not there, a program that is not installed. Looked at by
`maild check` on the machine it runs on, unless `--no-secrets` is given or the environment variable CI is set. Programs
are not run, and what only the service itself may read is not judged.

## Why it matters
Without the password the account cannot log in, and its mail waits.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWROD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## See
- `maild explain ML501`: the ways to refer to a password
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import reference_pointer
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.secret import describe

INFO: Final = RuleInfo(
    code="ML504",
    looks_around=True,
    name="secret-unresolved",
    severity=Severity.ERROR,
    summary="The password that the file refers to cannot be had here.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """The reference, followed on this machine if somebody does that."""
    reference = subject.draft.password
    if reference is None or subject.secrets is None:
        return
    if any(getattr(fault, "pointer", "").startswith("/password") for fault in subject.loaded.faults):
        return
    problem = subject.secrets.problem(reference, subject.loaded.file)
    if problem is not None:
        yield Finding(
            message=f"The password cannot be had here: {describe(reference)} {problem}. The account cannot log in "
            f"without it.",
            place=AtValue(pointer=reference_pointer(reference)),
            help="Put the password there, or correct the reference. To check files without passwords, on another "
            "machine, use `--no-secrets`.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

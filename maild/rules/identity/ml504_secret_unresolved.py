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
username: billing@inn.example
password: {env: SMTP_PASSWROD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
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
from maild.rules.references import references_of
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

_HELP: Final = (
    "Put the password there, or correct the reference. To check files without passwords, on another machine, use "
    "`--no-secrets`."
)
_IF_PASTED: Final = (
    "If it is the password itself, make a new one at the provider, put it into a variable, and write that variable's "
    "name here, such as `env: SMTP_PASSWORD`."
)


def check(subject: Subject) -> Iterator[Finding]:
    """The reference, followed on this machine if somebody does that."""
    secrets = subject.secrets
    if secrets is None:
        return
    for one in references_of(subject):
        if any(getattr(fault, "pointer", "").startswith(one.key) for fault in subject.loaded.faults):
            continue
        problem = secrets.problem(one.reference, subject.loaded.file)
        if problem is None:
            continue
        yield Finding(
            message=f"{one.what} cannot be had here: {describe(one.reference)} {problem}. {one.without}",
            place=AtValue(pointer=one.pointer),
            help=_IF_PASTED if one.is_maybe_secret else _HELP,
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

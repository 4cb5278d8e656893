"""The app password holds blanks.

## What it finds
App passwords that were copied with the blanks that Google shows between the groups of letters.

## Why it matters
Google shows the 16 letters in groups of four. Some servers do not take them with the blanks.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SPACED_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: APP_PASSWORD}
```

## See
- https://support.google.com/accounts/answer/185833
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.providers import Aspect
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import reference_pointer
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML407",
    name="gmail-password-spaces",
    severity=Severity.WARNING,
    looks_around=True,
    summary="The app password holds blanks.",
)

_GROUPS: Final = "[A-Za-z]{4}(?: [A-Za-z]{4}){3}"


def check(subject: Subject) -> Iterator[Finding]:
    """A password that fits its provider's form, but for blanks."""
    provider, reference, secrets = subject.provider, subject.draft.password, subject.secrets
    if provider is None or provider.codes.get(Aspect.PASSWORD_BLANKS) != INFO.code or reference is None:
        return
    if secrets is not None and secrets.matches(reference, subject.loaded.file, _GROUPS):
        yield Finding(
            message="The password holds the blanks that only make it easier to read.",
            place=AtValue(pointer=reference_pointer(reference)),
            help="Store it as one word of 16 letters.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

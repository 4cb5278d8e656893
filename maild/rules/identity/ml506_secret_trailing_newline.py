"""The password begins or ends with a blank or a line break.

## What it finds
Passwords with blanks or line breaks around them. One line break at the end is dropped and is fine.

## Why it matters
It is part of the password that is sent, so the login fails, and nobody sees why.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {env: TWO_LINES}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {env: OWN_PASSWORD}
```

## See
- printf(1) writes no line break at the end, echo(1) does
"""

from collections.abc import Iterator
from typing import Final

from maild.config.oauth_settings import OauthGrant
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import reference_pointer
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.secret import describe

INFO: Final = RuleInfo(
    code="ML506",
    name="secret-trailing-newline",
    severity=Severity.WARNING,
    looks_around=True,
    summary="The password begins or ends with a blank or a line break.",
)

_UNSEEN_EDGE: Final = r"\s.*|.*\s"


def check(subject: Subject) -> Iterator[Finding]:
    """Such a password."""
    reference, secrets, oauth = subject.draft.password, subject.secrets, subject.draft.oauth
    if oauth is not None and oauth.grant is OauthGrant.SERVICE_ACCOUNT:
        return  # a key file, of many lines
    if reference is not None and secrets is not None and secrets.matches(reference, subject.loaded.file, _UNSEEN_EDGE):
        yield Finding(
            message=f"The {describe(reference)} holds blanks or line breaks around the password.",
            place=AtValue(pointer=reference_pointer(reference)),
            help="Store the password alone.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

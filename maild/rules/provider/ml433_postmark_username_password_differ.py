"""The Postmark token does not stand in both places.

## What it finds
Postmark accounts whose username is a Server API token and whose password is another one.

## Why it matters
Postmark wants the same token as username and as password, unless an SMTP token pair is used.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.postmarkapp.com, port: 587}
username: 01234567-89ab-cdef-0123-456789abcdef
email: billing@inn.example
password: {env: POSTMARK_OTHER}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.postmarkapp.com, port: 587}
username: 11111111-2222-3333-4444-555555555555
email: billing@inn.example
password: {env: POSTMARK_OTHER}
```

## See
- https://postmarkapp.com/support/article/811
"""

import re
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
    code="ML433",
    name="postmark-username-password-differ",
    severity=Severity.WARNING,
    looks_around=True,
    summary="The Postmark token does not stand in both places.",
)

_TOKEN: Final = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def check(subject: Subject) -> Iterator[Finding]:
    """A token as username, and something else as password."""
    provider, draft, secrets = subject.provider, subject.draft, subject.secrets
    if provider is None or provider.codes.get(Aspect.TOKEN_TWICE) != INFO.code:
        return
    if draft.username is None or draft.password is None or secrets is None or not _TOKEN.fullmatch(draft.username):
        return
    if secrets.matches(draft.password, subject.loaded.file, re.escape(draft.username)) is False:
        yield Finding(
            message=f"{provider.title} wants the same token as username and as password, and the password here is "
            f"another one.",
            place=AtValue(pointer=reference_pointer(draft.password)),
            help="Store the token of the username as the password, too.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""A value of a template was never filled in.

## What it finds
Values that only say what belongs there: `smtp.yourdomain.com`, `your-email@gmail.com`, `<your password>`.
All that a file has of them are told at once. `example.com` is not meant: it is a domain for trying things.

## Why it matters
Nothing can be sent with it, and some of these domains belong to somebody, who then gets the password.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.yourdomain.com, port: 465}
username: your-email@yourdomain.com
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- `maild account init ADDRESS`: writes an account file with everything filled in that can be found out
"""

from collections.abc import Iterator
from typing import Final

from maild.config.password import PASSWORD
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.placeholder import placeholders
from maild.rules.pointing import path_of
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML228",
    name="placeholder",
    severity=Severity.ERROR,
    summary="A value of a template was never filled in.",
)

_MOST_NAMED: Final = 10


def check(subject: Subject) -> Iterator[Finding]:
    """All of them at once, at the first: whoever fills in one sees the others."""
    found = list(placeholders(subject.loaded.document))
    if not found:
        return
    names = listed([code(path_of(pointer)) for pointer in found[:_MOST_NAMED]], "and")
    one = len(found) == 1
    advice = f"Write the real {'value' if one else 'values'} in {'its' if one else 'their'} place."
    if PASSWORD in found:
        advice += (
            " The password itself does not belong in this file: write where it is, such as `{env: SMTP_PASSWORD}`."
        )
    yield Finding(
        message=f"{names} {'is' if one else 'are'} still what the template had there, so nothing can be sent.",
        # The value may be a password after all.
        place=AtKey(pointer=found[0]) if found[0] == PASSWORD else AtValue(pointer=found[0]),
        help=advice,
        because=tuple(Because(place=AtKey(pointer=pointer), message="and this") for pointer in found[1:_MOST_NAMED]),
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

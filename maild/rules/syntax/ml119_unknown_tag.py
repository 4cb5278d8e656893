"""A tag stands before a value; maild has none.

## What it finds
Words with an exclamation mark before a value, such as `!env` or `!secret`.

## Why it matters
Other programs use tags to insert things. maild would have to guess what is meant, and a wrong guess could put a
password where it does not belong.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
name: !env SHOP_NAME
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
- `maild explain ML501`: how a password is referred to
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import UnsupportedYaml
from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML119",
    name="unknown-tag",
    severity=Severity.ERROR,
    summary="A tag stands before a value; maild has none.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Where the tag stands."""
    for fault in subject.faults(UnsupportedYaml):
        if fault.kind == "tag":
            yield Finding(
                message=f"{code(fault.text) if fault.text else 'This'} is a tag, and maild's files have no tags.",
                place=AtSpan(span=fault.span),
                help="Delete the tag. A password is referred to with `password: {env: NAME}` or `{file: PATH}`. "
                "If the exclamation mark belongs to the value, put the whole value in quotes.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

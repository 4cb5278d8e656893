"""An ignore comment does not say why.

## What it finds
Comments `# maild: ignore ML301` without ` -- reason` behind the rules.

## Why it matters
Whoever reads the file next year must know whether the reason still holds.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.customer.example, port: 25, tls: {mode: starttls}}   # maild: ignore ML301
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
# maild: ignore ML301 -- their firewall lets nothing else through until 2027-06-30
smtp: {host: mail.customer.example, port: 25, tls: {mode: starttls}}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- `maild explain ML902`: a day after which a comment holds no more
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Finding
from maild.rules.ignore import find_ignores
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML903",
    name="ignore-without-reason",
    severity=Severity.INFO,
    summary="An ignore comment does not say why.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such comment that names rules."""
    for ignore in find_ignores(subject.loaded.document):
        if ignore.is_meant and ignore.rules and not ignore.has_reason:
            yield Finding(
                message="This comment does not say why the finding is ignored.",
                place=AtSpan(span=ignore.span),
                help="Write ` -- ` and the reason behind it.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

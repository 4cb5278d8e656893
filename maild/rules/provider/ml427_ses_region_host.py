"""A region that Amazon SES does not have.

## What it finds
SMTP hosts of Amazon SES with a region that is not named as Amazon's regions are, mostly misspelt.

## Why it matters
SMTP credentials belong to one region, and only its server knows them.

## Bad
```yaml
protocol: smtp
smtp: {host: email-smtp.eu-wset-1.amazonaws.com, port: 465}
username: AKIAEXAMPLEEXAMPLE00
email: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: email-smtp.eu-west-1.amazonaws.com, port: 465}
username: AKIAEXAMPLEEXAMPLE00
email: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- https://docs.aws.amazon.com/general/latest/gr/ses.html
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.providers import Aspect
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import HOST
from maild.rules.provider.service_region import meant_region
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML427",
    name="ses-region-host",
    severity=Severity.WARNING,
    summary="A region that Amazon SES does not have.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A region that is not in the provider's list."""
    provider, host = subject.provider, subject.draft.host
    if provider is None or host is None or not provider.regions:
        return
    region = host.lower().split(".")[1]
    if not provider.may_have_region(region) and provider.codes.get(Aspect.REGION) == INFO.code:
        meant = meant_region(provider, region, provider.regions)
        yield Finding(
            message=f"{provider.title} has no region by the name of {code(region)}.",
            place=AtValue(pointer=HOST),
            help=f"Write {code(host.replace(region, meant))}, if that was meant." if meant else "",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

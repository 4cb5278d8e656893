"""Addresses at a domain of one's own have another server at Zoho.

## What it finds
`smtp.zoho.com` and its sisters of other regions with a login at a domain of one's own.

## Why it matters
Zoho has `smtppro` servers for paid accounts with a domain of their own, and others for private and free ones. Where
the login fails, it is mostly that.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.zoho.com, port: 465}
username: billing@shop.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtppro.zoho.com, port: 465}
username: billing@shop.example
password: {env: SMTP_PASSWORD}
```

## See
- https://www.zoho.com/mail/help/zoho-smtp.html
"""

from collections.abc import Iterator
from typing import Final

from maild.config.build.draft import address_of
from maild.diagnostics import Severity
from maild.providers import Aspect
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import HOST
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML422",
    name="zoho-region-host",
    severity=Severity.INFO,
    summary="Addresses at a domain of one's own have another server at Zoho.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A host for private addresses, with a login that is none."""
    provider, login = subject.provider, address_of(subject.draft.username)
    if provider is None or login is None or login.domain.lower() in provider.mail_domains:
        return
    better = provider.own_domain_hosts.get(subject.draft.host or "")
    if better is not None and provider.codes.get(Aspect.REGION) == INFO.code:
        yield Finding(
            message=f"{provider.title} has another server for paid accounts with a domain of their own.",
            place=AtValue(pointer=HOST),
            help=f"Write {code(f'host: {better}')}, unless this one works with your plan.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The server is in another region of Zoho's than the address.

## What it finds
Addresses such as `anna.shop@zohomail.eu`, whose ending names the region, with a server of another region. A domain of
one's own tells neither its region nor whether it is paid for (`smtppro`), so nothing is said of it.

## Why it matters
Each region of Zoho knows only its own accounts, so the login is refused.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.zoho.com, port: 465}
username: anna.shop@zohomail.eu
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.zoho.eu, port: 465}
username: anna.shop@zohomail.eu
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
    severity=Severity.WARNING,
    summary="The server is in another region of Zoho's than the address.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A host of another region than the address that logs in."""
    provider, login, host = subject.provider, address_of(subject.draft.username), subject.draft.host
    if provider is None or login is None or host is None or provider.codes.get(Aspect.REGION) != INFO.code:
        return
    home = provider.home_hosts.get(login.domain.lower())
    # `smtppro.zoho.eu` is at home where `smtp.zoho.eu` is.
    if home is not None and host.lower().partition(".")[2] != home.partition(".")[2]:
        yield Finding(
            message=f"Addresses at {code(login.domain)} are kept in another region of {provider.title} than "
            f"{code(host)}, which does not know them.",
            place=AtValue(pointer=HOST),
            help=f"Write {code(f'host: {home}')}.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

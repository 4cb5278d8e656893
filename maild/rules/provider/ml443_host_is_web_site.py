"""The server has the name of a web site.

## What it finds
Hosts that begin with `www.`, unless a mail company is known by it: of such a one the right server is told instead.

## Why it matters
Behind such a name is a web server. It takes no mail, so the connection waits until it is given up.

## Bad
```yaml
protocol: smtp
smtp: {host: www.shop.example, port: 465}
username: billing@shop.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.shop.example, port: 465}
username: billing@shop.example
password: {env: SMTP_PASSWORD}
```

## See
- `maild account init ADDRESS`: finds the server of an address
- `maild explain ML441`: names that are nearly those of a mail company
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import HOST
from maild.rules.provider.near_host import near_host
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.unsettled import is_unsettled
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML443",
    name="host-is-web-site",
    severity=Severity.WARNING,
    summary="The server has the name of a web site.",
)

WEB: Final = "www."


def check(subject: Subject) -> Iterator[Finding]:
    """The host, unless another rule knows which one was meant."""
    host = subject.draft.host
    if host is None or not host.lower().startswith(WEB) or is_unsettled(subject, HOST) or near_host(subject):
        return
    domain = host[len(WEB) :]
    yield Finding(
        message=f"{code(host)} is the name of a web site, and a web server takes no mail.",
        place=AtValue(pointer=HOST),
        help=f"Ask the company that keeps the mail for its outgoing server; often it is {code(f'smtp.{domain}')} or "
        f"{code(f'mail.{domain}')}.",
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

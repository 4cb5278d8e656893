"""A company's HTTP interface by an address that it does not have.

## What it finds
URLs that look like the interface of a company that maild knows, in a region that the company does not document.

## Why it matters
Such a company keeps its regions apart: keys and domains of one are not known in the other, and what is sent to the
wrong one is refused or never arrives.

## Bad
```yaml
protocol: http
http: {url: https://api.us.mailgun.net/v3/example.org/messages}
reply_to: office@example.org
```

## Good
```yaml
protocol: http
http: {url: https://api.eu.mailgun.net/v3/example.org/messages}
reply_to: office@example.org
```

## See
- https://documentation.mailgun.com/docs/mailgun/api-reference/api-overview
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.api import api_host, api_neighbour
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML440",
    name="provider-http-endpoint-region",
    severity=Severity.WARNING,
    summary="A company's HTTP interface by an address that it does not have.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Such an address, with those that there are."""
    provider, host = api_neighbour(subject), api_host(subject)
    if provider is not None and host is not None:
        known = listed((f"{code(name)} for {region}" for name, region in provider.api_hosts.items()), "and")
        yield Finding(
            message=f"{provider.title} has no interface at {code(host)}: there is {known}.",
            place=AtValue(pointer=Pointer("/http/url")),
            help="Write the one of the region in which your account or domain was made.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

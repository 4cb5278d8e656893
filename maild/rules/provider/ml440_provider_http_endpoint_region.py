"""A company's HTTP interface by an address or a region that it does not have.

## What it finds
`region: europe` at a service whose regions have other names, and URLs that look like the interface of a company that
maild knows, in a region that the company does not document.

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

from maild.config.fault import InvalidText, Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.api import api_host, api_neighbour
from maild.rules.provider.service_region import REGION, strange_region
from maild.rules.repair import rewrite_value
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML440",
    name="provider-http-endpoint-region",
    severity=Severity.WARNING,
    summary="A company's HTTP interface by an address or a region that it does not have.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Such an address or region, with those that there are."""
    yield from _of_region(subject)
    provider, host = api_neighbour(subject), api_host(subject)
    if provider is not None and host is not None:
        known = listed((f"{code(name)} for {region}" for name, region in provider.api_hosts.items()), "and")
        yield Finding(
            message=f"{provider.title} has no interface at {code(host)}: there is {known}.",
            place=AtValue(pointer=Pointer("/http/url")),
            help="Write the one of the region in which your account or domain was made.",
        )


def _of_region(subject: Subject) -> Iterator[Finding]:
    # Of one that cannot be a name at all another rule says the same.
    strange = strange_region(subject)
    if strange is not None and not any(fault.pointer == REGION for fault in subject.faults(InvalidText)):
        yield Finding(
            message=strange.message,
            place=AtValue(pointer=REGION),
            help=strange.help,
            fix=None if strange.meant is None else rewrite_value(subject, REGION, strange.meant, is_safe=False),
            severity=Severity.ERROR if strange.is_certain else Severity.WARNING,
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The server has nearly the name of a known one.

## What it finds
Hosts such as `smtp.gmial.com`, `smpt.gmail.com`, `smtp-gmail.com` and `gmail`, one slip away from a company's server,
and those that people take for it, such as `smtp.posteo.de` for `posteo.de`, its web site `www.gmail.com`, its
domain alone (`gmx.net`), or its server for reading mail where nobody documents one of that name (`pop.zoho.in`).
A host at the sender's own domain is never taken for a slip.

## Why it matters
Such names are bought by people who wait for slips: the connection works, and the password goes to them.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmial.com, port: 465}
username: billing@inn.example
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
- `maild account init ADDRESS`: finds the server of an address
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.providers import Provider, mistaken_host, provider_of, server_beside
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import HOST
from maild.rules.provider.near_host import near_host
from maild.rules.provider.reading_name import READING_PORTS, reading_name
from maild.rules.repair import rewrite_value
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.unsettled import is_unsettled
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML441",
    name="provider-host-misspelt",
    severity=Severity.WARNING,
    summary="The server has nearly the name of a known one.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """The host, and the one that was probably meant."""
    host = subject.draft.host
    meant = None if is_unsettled(subject, HOST) else near_host(subject)
    provider = None if meant is None else provider_of(meant)
    if host is None or meant is None or provider is None:
        return
    # A port for reading mail came along with the server.
    is_reading = subject.draft.port in READING_PORTS
    port = f" and {code(f'port: {provider.best_port.port}')}" if is_reading else ""
    yield Finding(
        message=_message(host, meant, provider),
        place=AtValue(pointer=HOST),
        help=f"Write {code(f'host: {meant}')}{port}, if that is meant.",
        fix=None if is_reading else rewrite_value(subject, HOST, meant, is_safe=False),
    )


def _message(host: str, meant: str, provider: Provider) -> str:
    if "." not in host:
        return f"{code(host)} is no server's name; that of {provider.title} is {code(meant)}."
    if host.lower().startswith("www."):
        return f"{code(host)} is the name of a web site; the server of {provider.title} for sending is {code(meant)}."
    reading = reading_name(host)
    if server_beside(host) is not None:
        what = f"is {provider.title}'s domain" if reading is None else f"is by its name for reading mail ({reading})"
        return f"{code(host)} {what}; the server of {provider.title} for sending is {code(meant)}."
    if mistaken_host(host) is not None:
        return f"{provider.title} documents no server named {code(host)}; the one for sending is {code(meant)}."
    return f"{code(host)} is nearly {code(meant)} of {provider.title}, and the name decides who gets the password."


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

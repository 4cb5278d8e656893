"""A free address is sent through somebody else's server.

## What it finds
Senders at `gmail.com`, `yahoo.com` and the like with a server that belongs to another company or to nobody maild
knows.

## Why it matters
The world knows which servers may send for these domains, and others are not among them: such mail lands in spam or is
refused.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing
email: billing@gmail.com
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing
email: billing@example.org
password: {env: SMTP_PASSWORD}
```

## See
- RFC 7489 (DMARC)
- https://support.google.com/a/answer/81126
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.providers import Provider, owner_of, provider_of_address
from maild.rules.finding import AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.near_host import near_host
from maild.rules.rule import Rule
from maild.rules.settled_sender import settled_sender
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML512",
    name="from-freemail-domain",
    severity=Severity.WARNING,
    summary="A free address is sent through somebody else's server.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Such a sender. A server of this machine or given by number may pass the mail on to the right one."""
    host, sender = subject.draft.host, settled_sender(subject)
    owner = None if sender is None else provider_of_address(sender.domain)
    if host is None or sender is None or owner is None or not host[-1:].isalpha() or "." not in host:
        return
    if near_host(subject) is not None:
        # What this server is, follows from the slip in its name.
        return
    if owner_of(host) is owner or host.lower().endswith(f".{sender.domain}"):
        # The company's own server: of a wrong one ML442 speaks, and not all of them are in our table.
        return
    provider = subject.provider
    if provider is None or not (provider is owner or owner.id in provider.also_serves or provider.wants_own_domain):
        yield Finding(
            message=f"Addresses at {code(sender.domain)} are {owner.title}'s, and mail from them through {code(host)} "
            "is mostly taken for spam.",
            place=AtValue(pointer=sender.pointer),
            help=f"Send from an address at a domain of your own, or through {code(_server_of(owner, sender.domain))}.",
            because=(Because(place=AtValue(pointer=Pointer("/smtp/host")), message="somebody else's server"),),
        )


def _server_of(owner: Provider, domain: str) -> str:
    """The one for addresses at this domain, where a company has several."""
    below = (host for host in owner.hosts if host.endswith(f".{domain}"))
    return owner.home_hosts.get(domain) or next(below, owner.hosts[0])


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The server is for something else than sending, mostly for reading mail.

## What it finds
Hosts such as `imap.mail.yahoo.com` and `pop.gmx.net`: mail companies give the servers for reading and for sending side
by side, and the wrong one is copied. Web pages and HTTP interfaces (`mail.zoho.com`, `api.mailgun.net`) are told, too.
Of Google, Microsoft and Amazon rules of their own speak. Where nobody knows the company, the name tells together with
the port (`pop.shop.example`, 995), as a warning.

## Why it matters
Such a server takes no mail to send: nothing answers there, or something that does not know what is wanted.

## Bad
```yaml
protocol: smtp
smtp: {host: imap.mail.yahoo.com, port: 993}
username: anna.shop@yahoo.com
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.mail.yahoo.com, port: 465}
username: anna.shop@yahoo.com
password: {env: SMTP_PASSWORD}
```

## See
- `maild explain ML302`: ports that are for reading mail
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.providers import owner_of
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import HOST, wrong_host
from maild.rules.provider.near_host import near_host
from maild.rules.provider.reading_name import reading_server
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.unsettled import is_unsettled
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML442",
    name="provider-reading-host",
    severity=Severity.ERROR,
    summary="The server is for something else than sending, mostly for reading mail.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A server of a known provider that is not for sending."""
    yield from wrong_host(subject, INFO.code)
    host = subject.draft.host
    if host is None or subject.provider is not None or owner_of(host) is not None or is_unsettled(subject, HOST):
        return
    if near_host(subject) is not None:
        return  # the server that is meant is known, and told already
    protocol, domain = reading_server(host, subject.draft.port), host.partition(".")[2]
    if protocol is not None:
        yield Finding(
            message=f"By its name and by port {subject.draft.port} {code(host)} is for reading mail ({protocol}), not "
            f"for sending it.",
            place=AtValue(pointer=HOST),
            severity=Severity.WARNING,
            help=f"Ask the company that keeps the mail for its outgoing server; often it is {code(f'smtp.{domain}')}, "
            f"with `port: 465`.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The server is the provider's for something else than sending, mostly for reading mail.

## What it finds
Hosts such as `imap.mail.yahoo.com` and `pop.gmx.net`: mail companies give the servers for reading and for sending side
by side, and the wrong one is copied. Web pages and HTTP interfaces (`mail.zoho.com`, `api.mailgun.net`) are told, too.
Of Google, Microsoft and Amazon rules of their own speak.

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
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.provider.mechanism import wrong_host
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML442",
    name="provider-reading-host",
    severity=Severity.ERROR,
    summary="The server is the provider's for something else than sending, mostly for reading mail.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A server of a known provider that is not for sending."""
    return wrong_host(subject, INFO.code)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

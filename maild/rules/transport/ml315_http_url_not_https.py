"""The mail service would be spoken to without encryption.

## What it finds
A URL that begins with `http://`, unless it leads to this machine.

## Why it matters
Everybody between here and the service can read the messages with everything in them, and change them.

## Bad
```yaml
protocol: http
http: {url: "http://email.example/send"}
reply_to: office@example.com
```

## Good
```yaml
protocol: http
http: {url: "https://email.example/send"}
reply_to: office@example.com
```

## See
- RFC 9110 §4.2.2, https URI Scheme
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from maild.config.fault import Pointer
from maild.config.host import is_loopback
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML315",
    name="http-url-not-https",
    severity=Severity.ERROR,
    summary="The mail service would be spoken to without encryption.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Plain http over a network."""
    url = subject.draft.url
    if url is None or not url.lower().startswith("http://"):
        return
    host = urlsplit(url).hostname
    if host is not None and is_loopback(host):
        return
    yield Finding(
        message="With `http://` messages cross the network in clear text: anybody on the way can read them.",
        place=AtValue(pointer=Pointer("/http/url")),
        help="Write `https://` at its beginning.",
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

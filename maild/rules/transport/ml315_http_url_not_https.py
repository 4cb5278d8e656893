"""The mail service would be spoken to without encryption.

## What it finds
A URL that begins with `http://`, unless it leads to this machine.

## Why it matters
Everybody between here and the service can read the messages with everything in them, and change them.

## Bad
```yaml
protocol: http
http: {url: "http://email.example/send"}
reply_to: office@inn.example
```

## Good
```yaml
protocol: http
http: {url: "https://email.example/send"}
reply_to: office@inn.example
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
    """Plain http over a network, to the mail service or to the one that gives access tokens."""
    draft, oauth = subject.draft, subject.draft.oauth
    if _is_clear(draft.url):
        yield Finding(
            message="With `http://` messages cross the network in clear text: anybody on the way can read them.",
            place=AtValue(pointer=Pointer("/http/url")),
            help="Write `https://` at its beginning.",
        )
    urls = {} if oauth is None else {"token_url": oauth.token_url, "device_url": oauth.device_url}
    for key, url in urls.items():
        if _is_clear(url):
            yield Finding(
                message="With `http://` access tokens cross the network in clear text, and whoever reads one can send.",
                place=AtValue(pointer=Pointer(f"/oauth/{key}")),
                help="Write `https://` at its beginning.",
            )


def _is_clear(url: str | None) -> bool:
    if url is None or not url.lower().startswith("http://"):
        return False
    host = urlsplit(url).hostname
    return host is None or not is_loopback(host)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The URL has no scheme; https is assumed.

## What it finds
`url: email.example/send`, a host name without `https://` before it.

## Why it matters
It works: maild takes it for https. But whoever reads the file cannot tell, and other programs would take it for
something else.

## Bad
```yaml
protocol: http
http: {url: email.example/send}
reply_to: office@inn.example
```

## Good
```yaml
protocol: http
http: {url: "https://email.example/send"}
reply_to: office@inn.example
```

## See
- RFC 3986 §3.1, Scheme
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.config.url import WholeUrl, parse_url, public_url
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML321",
    name="http-url-without-scheme",
    severity=Severity.INFO,
    summary="The URL has no scheme; https is assumed.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """A URL that begins with the host, with the whole one that is used."""
    url = subject.draft.url
    parsed = parse_url(url) if url is not None and "://" not in url else None
    if isinstance(parsed, WholeUrl):
        yield Finding(
            message="The URL has no `https://` before it; maild assumes it.",
            place=AtValue(pointer=Pointer("/http/url")),
            help=f"Write {code(f'url: {public_url(parsed.url)}')}.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

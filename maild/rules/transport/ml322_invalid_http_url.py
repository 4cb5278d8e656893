"""Text that is no usable URL.

## What it finds
Addresses of another kind (`ftp://`, `smtp://`), URLs with blanks, with a user name and password in them, or with a host
that is none.

## Why it matters
maild could not hand over a message there. A password in a URL would stand in logs and in this file.

## Bad
```yaml
protocol: http
http: {url: "ftp://email.example/send"}
reply_to: office@inn.example
```

## Good
```yaml
protocol: http
http: {url: "https://email.example/send"}
reply_to: office@inn.example
```

## See
- RFC 3986 §3
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidUrl
from maild.config.url import HOLDS_LOGIN
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, path_of
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML322",
    name="invalid-http-url",
    severity=Severity.ERROR,
    summary="Text that is no usable URL.",
    faults=(InvalidUrl,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such text, and the URL that was probably meant."""
    for fault in subject.faults(InvalidUrl):
        if fault.problem == HOLDS_LOGIN:
            continue
        wrong = f"{code(fault.found)} is none: {fault.problem.rstrip('.')}" if fault.found else "it is empty"
        yield Finding(
            message=f"{code(path_of(fault.pointer))} must be {_what(fault)}, but {wrong}.",
            place=AtValue(pointer=fault.pointer),
            help=f"Write {code(f'{key_of(fault.pointer)}: {fault.suggestion}')}." if fault.suggestion else "",
        )


def _what(fault: InvalidUrl) -> str:
    return "the URL of the mail service" if fault.pointer == "/http/url" else "a URL of the token service"


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

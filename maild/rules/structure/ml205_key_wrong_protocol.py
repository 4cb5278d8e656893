"""A key belongs to the protocol that was not chosen.

## What it finds
Settings of the HTTP service in an account with `protocol: smtp`, and settings of the SMTP server in one with
`protocol: http`.

## Why it matters
The key has no effect. Either it is left over, or the protocol is not the one that was meant; then mail would go
another way than the file seems to say.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
http: {url: https://email.example/send}
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## See
- `maild schema account`: the keys of each protocol
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import KeyOfOtherProtocol
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML205",
    name="key-wrong-protocol",
    severity=Severity.ERROR,
    summary="A key belongs to the protocol that was not chosen.",
    faults=(KeyOfOtherProtocol,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such key, with the line that chose the protocol."""
    for fault in subject.faults(KeyOfOtherProtocol):
        other = code(f"protocol: {fault.protocol}")
        chosen = code("protocol: http" if fault.protocol == "smtp" else "protocol: smtp")
        yield Finding(
            message=f"{code(fault.key)} belongs to {other}, but this account has {chosen}, so it has no effect.",
            place=AtKey(pointer=fault.pointer),
            help=f"Delete {code(fault.key)}, or change the protocol to {other}.",
            because=(Because(place=AtValue(pointer=fault.because), message="this chose the protocol"),),
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

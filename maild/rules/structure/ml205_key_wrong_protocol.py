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
- `maild schema account`: the keys of each protocol
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import KeyOfOtherProtocol, Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, AtValue, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import parent
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML205",
    name="key-wrong-protocol",
    severity=Severity.ERROR,
    summary="A key belongs to the protocol that was not chosen.",
    faults=(KeyOfOtherProtocol,),
    is_fixed=True,
)


_MOST_NAMED: Final = 10


def check(subject: Subject) -> Iterator[Finding]:
    """Such keys, those of one level together, with the line that chose the protocol."""
    together: dict[Pointer, list[KeyOfOtherProtocol]] = {}
    for fault in subject.faults(KeyOfOtherProtocol):
        together.setdefault(parent(fault.pointer), []).append(fault)
    for first, *others in together.values():
        other = code(f"protocol: {first.protocol}")
        chosen = code("protocol: http" if first.protocol == "smtp" else "protocol: smtp")
        keys = listed([code(fault.key) for fault in (first, *others)[:_MOST_NAMED]], "and")
        # With this section alone, deleting it would leave no account.
        is_all = subject.value(Pointer("/http" if first.protocol == "smtp" else "/smtp")) is None
        belong, have = ("belong", "they have") if others else ("belongs", "it has")
        yield Finding(
            message=f"{keys} {belong} to {other}, but this account has {chosen}, so {have} no effect.",
            place=AtKey(pointer=first.pointer),
            help=f"Delete {keys}, or change the protocol to {other}."
            if not others and not is_all
            else f"Change the protocol to {other}, or delete {'these keys' if others else keys}.",
            because=(
                Because(place=AtValue(pointer=first.because), message="this chose the protocol"),
                *(Because(place=AtKey(pointer=fault.pointer), message="and this") for fault in others[:_MOST_NAMED]),
            ),
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The sender's domain is one of examples, or exists nowhere.

## What it finds
Senders at `example.com`, `example.net` or `example.org`, which stand in instructions everywhere, where the server is
that of a known provider; senders at `localhost`, `.localdomain` or `.invalid`, and at `.local` where mail leaves
through a provider.

## Why it matters
Nobody has a mailbox there, so nobody can log in with such an address or answer it, and servers refuse mail from domains
that do not exist.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@example.com
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
- RFC 2606
- RFC 6762 §3
"""

from collections.abc import Iterator
from typing import Final

from maild.config.host import is_loopback
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.settled_sender import settled_sender
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML515",
    name="example-domain",
    severity=Severity.WARNING,
    summary="The sender's domain is one of examples, or exists nowhere.",
)

EXAMPLES: Final = frozenset({"example.com", "example.net", "example.org"})
"""Domains that are for instructions (RFC 2606 §3). Of names below them nobody copies one by mistake."""
_NOWHERE: Final = frozenset({"localhost", "localdomain", "invalid"})


def check(subject: Subject) -> Iterator[Finding]:
    """Such a sender, unless the server is this machine."""
    host, sender = subject.draft.host, settled_sender(subject)
    if host is None or sender is None or is_loopback(host):
        return
    last = sender.domain.rpartition(".")[2]
    if last in _NOWHERE or (last == "local" and subject.provider is not None):
        yield Finding(
            message=f"There is no domain {code(sender.domain)} outside of your own network.",
            place=AtValue(pointer=sender.pointer),
            help="Write an address that can be answered.",
        )
    elif sender.domain in EXAMPLES and subject.provider is not None and not subject.loaded.faults:
        # At a server nobody knows all may be an example, or somebody's own network. A file that cannot be used yet is
        # still being written, and the address is told when all else is right.
        yield Finding(
            message=f"{code(sender.domain)} is a domain for examples: nobody has an address there.",
            place=AtValue(pointer=sender.pointer),
            help="Write your own address.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

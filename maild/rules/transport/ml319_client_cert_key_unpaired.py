"""A client certificate without its key, or a key without its certificate.

## What it finds
`cert_file` without `key_file`, or the other way round.

## Why it matters
With one alone nobody can prove anything. The server that asks for a certificate would get none, and refuse the
connection with words that name something else.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465, tls: {cert_file: client.pem}}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465, tls: {cert_file: client.pem, key_file: client.key}}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## See
- `maild schema account`: the keys of `smtp.tls` and `http.tls`
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import DependentKeyMissing, Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.suggestion import meant_keys
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML319",
    name="client-cert-key-unpaired",
    severity=Severity.ERROR,
    summary="A client certificate without its key, or a key without its certificate.",
    is_fixed=True,
)


_TLS: Final = ("/smtp/tls/", "/http/tls/")


def is_unpaired(fault: DependentKeyMissing) -> bool:
    """Whether it is about the client certificate."""
    return fault.pointer.startswith(_TLS)


def check(subject: Subject) -> Iterator[Finding]:
    """The one that stands alone."""
    written = meant_keys(subject)
    for fault in subject.faults(DependentKeyMissing):
        if is_unpaired(fault) and Pointer(f"{fault.pointer.rpartition('/')[0]}/{fault.needs}") not in written:
            yield Finding(
                message=f"{code(fault.key)} stands here without {code(fault.needs)}, so maild has nothing to show to a "
                "server that asks for a certificate.",
                place=AtKey(pointer=fault.pointer),
                help=f"Add {code(fault.needs + ':')} with the path of the other file. When one file has both, name "
                "it twice.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

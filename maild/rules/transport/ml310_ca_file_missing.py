"""A file of certificates or keys is not there, or is none.

## What it finds
`ca_file`, `cert_file` and `key_file` that do not exist on this machine, or hold no PEM text of their kind. Looked at by
`maild check` on the machine itself; `--no-secrets` leaves it out.

## Why it matters
Without the file no connection can be made: maild takes no other certificates in its place. Nothing is sent through the
account.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465, tls: {ca_file: gone.pem}}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465, tls: {ca_file: here.pem}}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## See
- RFC 7468: what a PEM file looks like
"""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import PemKind, Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML310",
    name="ca-file-missing",
    severity=Severity.ERROR,
    summary="A file of certificates or keys is not there, or is none.",
    looks_around=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each file that the account names."""
    secrets = subject.secrets
    if secrets is None:
        return
    for place, path, kind in _files(subject):
        problem = None if path is None else secrets.pem_problem(path, subject.loaded.file, kind)
        if problem is not None:
            yield Finding(
                message=f"The file {code(str(path))} {problem}, so no connection can be made.",
                place=AtValue(pointer=Pointer(place)),
                help="Put the file there, or correct the path: a relative one counts from the folder of this file.",
            )


def _files(subject: Subject) -> Iterator[tuple[str, PurePath | None, PemKind]]:
    draft = subject.draft
    yield "/smtp/tls/ca_file", draft.ca_file, PemKind.CERTIFICATE
    yield "/http/tls/ca_file", draft.http_ca_file, PemKind.CERTIFICATE
    tls = f"/{draft.protocol}/tls"
    yield f"{tls}/cert_file", draft.cert_file, PemKind.CERTIFICATE
    yield f"{tls}/key_file", draft.key_file, PemKind.KEY


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

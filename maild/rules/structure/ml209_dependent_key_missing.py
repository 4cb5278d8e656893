"""A key needs another one that is missing.

## What it finds
A username without a password reference, and the like.

## Why it matters
One without the other does nothing: a server that wants a login refuses a username alone.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- `maild explain ML501`: the ways to refer to a password
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import DependentKeyMissing, KeyOfOtherProtocol, Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.suggestion import meant_keys
from maild.rules.transport.ml319_client_cert_key_unpaired import is_unpaired
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML209",
    name="dependent-key-missing",
    severity=Severity.ERROR,
    summary="A key needs another one that is missing.",
    faults=(DependentKeyMissing,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each key that stands alone."""
    if subject.is_cut_short:
        return
    written = meant_keys(subject)
    for fault in subject.faults(DependentKeyMissing):
        # What another key needs is named from the top level of an account, but for files of which ML319 speaks.
        if Pointer(f"/{fault.needs}") in written or is_unpaired(fault):
            continue
        # Who logs in with tokens needs no password.
        if fault.needs == "password" and Pointer("/oauth") in written:
            continue
        # A whole section of the other protocol says that the protocol is wrong; ML205 speaks of that.
        if any(other.pointer == f"/{other.protocol}" for other in subject.faults(KeyOfOtherProtocol)):
            continue
        yield Finding(
            message=f"{code(_line(subject, fault))} needs {code(_needed(fault))}, which is missing.",
            place=AtKey(pointer=fault.pointer),
            help=_help(fault),
        )


_WAYS: Final = "`{file: PATH}`, `{env: NAME}`, `{credential: NAME}` or `{command: [PROGRAM]}`."


def _line(subject: Subject, fault: DependentKeyMissing) -> str:
    """The key; where its value is what matters, with that."""
    return f"{fault.key}: {subject.value(fault.pointer)}" if fault.key == "kind" else fault.key


def _needed(fault: DependentKeyMissing) -> str:
    return fault.needs.replace("/", ".")


def _help(fault: DependentKeyMissing) -> str:
    if fault.needs == "smtp/tls/cert_file":
        return "Add `cert_file` and `key_file` under `tls`: the certificate that maild logs in with, and its key."
    if fault.needs == "oauth":
        return "Add `oauth: {provider: microsoft, client_id: …}`, or `provider: google`."
    if fault.key == "kind" and fault.needs == "password":
        return "Add `password` with the way to the service's API key: " + _WAYS
    if fault.key == "oauth" and fault.needs == "password":
        return "Add `password` with the way to the application's secret, or to the service account's key file: " + _WAYS
    if fault.needs == "password":
        return "Add `password: {env: NAME}`, or `{file: PATH}`, `{credential: NAME}` or `{command: [PROGRAM]}`."
    return f"Add {code(fault.needs + ':')} with its value, or delete {code(fault.key)}."


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

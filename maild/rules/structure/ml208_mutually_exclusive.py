"""Of several keys only one may be there.

## What it finds
Keys that answer the same question twice, such as a password that is to be taken from the environment and from a file.

## Why it matters
maild would have to choose, and the one it did not choose would look as if it were in force.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD, file: /run/secrets/smtp}
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

from maild.config.fault import MutuallyExclusive, Pointer
from maild.config.model import AuthMechanism
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import path_of
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML208",
    name="mutually-exclusive",
    severity=Severity.ERROR,
    summary="Of several keys only one may be there.",
    faults=(MutuallyExclusive,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """The key that is one too many, with the others beside it."""
    for fault in subject.faults(MutuallyExclusive):
        *others, last = (Pointer(f"{fault.pointer}/{key}") for key in fault.keys)
        message, advice = _words(fault, last, subject.draft.auth)
        yield Finding(
            message=message,
            place=AtKey(pointer=last),
            help=advice,
            because=tuple(Because(place=AtKey(pointer=key), message="beside this one") for key in others),
        )


def _words(fault: MutuallyExclusive, last: Pointer, auth: AuthMechanism | None) -> tuple[str, str]:
    match fault.keys:
        case ("smtp/auth", _) | ("oauth", "smtp/auth") | ("tls/mode", "auth"):
            return _words_about_auth(fault, last, auth)
        case ("kind", *strange):
            keys, (they, are) = listed(map(code, strange), "or"), ("they", "are") if strange[1:] else ("it", "is")
            return (
                f"Services of this `kind` have no {keys}, so {they} would have no effect.",
                f"Write the kind that {they} {are} for, or delete {listed(map(code, strange), 'and')}."
                if strange[1:]
                else f"Delete {keys}, or write the kind that it is for.",
            )
        case ("mode", "pin_sha256"):
            return (
                "With `mode: none` nothing is encrypted, so there is no certificate to hold the pin against.",
                "Delete `pin_sha256`, or `mode: none`.",
            )
        case ("url", "tls/pin_sha256"):
            return (
                "With `http:` nothing is encrypted, so there is no certificate to hold the pin against.",
                "Delete `pin_sha256`, or write `https:`.",
            )
        case keys:
            level = code(path_of(fault.pointer))
            return (
                f"{listed(map(code, keys), 'and')} stand together under {level}, but only one can count.",
                "Keep the one that is right and delete the rest.",
            )


def _words_about_auth(fault: MutuallyExclusive, last: Pointer, auth: AuthMechanism | None) -> tuple[str, str]:
    match fault.keys:
        case ("oauth", _):
            return (
                f"`oauth` gives access tokens, and {code(f'auth: {auth}')} takes none.",
                "Delete `auth`, or write `auth: xoauth2` or `auth: oauthbearer`.",
            )
        case ("tls/mode", _):
            return (
                f"{code(f'auth: {auth}')} is made of the encrypted connection, and with `mode: none` there is none.",
                "Write `mode: implicit` or `mode: starttls`, or delete `auth`.",
            )
        case _ if auth is AuthMechanism.EXTERNAL:
            return (
                f"`auth: external` logs in by the client certificate, so {code(path_of(last))} would not be used.",
                f"Delete {code(path_of(last))}, or name the mechanism that takes it.",
            )
        case _:
            return (
                f"`auth: none` means that nobody logs in, so {code(path_of(last))} would not be used.",
                f"Delete {code(path_of(last))}, or `auth: none`.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

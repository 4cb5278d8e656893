"""A password stands as text in the file.

## What it finds
Text after `password:` where a reference must stand. As a warning: what has the form of an app password where the name
of a variable stands, `{env: abcdefghijklmnop}`.

## Why it matters
Configuration files are kept under version control, copied and shown to others, and a password in them goes everywhere
they go, for ever. Once it was there, change it at the provider: deleting the line does not delete it from the history.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: hunter2
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

The other ways to refer to a password:

- `{file: /etc/maild/billing.password}`: a file that only maild may read
- `{credential: billing}`: a credential that systemd hands to the service
- `{command: [pass, show, mail/billing]}`: a program that prints it

## See
- Gmail: switch on 2-Step Verification, make an app password at https://myaccount.google.com/apppasswords and use that;
  the account's normal password does not work
- Yahoo: Account Security, app password, "Other app", give it a name, generate, and use the code
- systemd.exec(5), LoadCredential=
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import LiteralSecret
from maild.diagnostics import Severity
from maild.rules.dashes import is_in_brackets
from maild.rules.finding import AtKey, AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import path_of
from maild.rules.reference import WAYS, meant_reference
from maild.rules.references import Referred, references_of
from maild.rules.rule import Rule
from maild.rules.subject import SecretChecker, Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML501",
    name="secret-in-config",
    severity=Severity.ERROR,
    summary="A password stands as text in the file.",
    faults=(LiteralSecret,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such text, at its key: nothing of the text itself is shown, not even how long it is."""
    for fault in subject.faults(LiteralSecret):
        key, value = code(path_of(fault.pointer)), subject.value(fault.pointer)
        meant = meant_reference(value, is_in_brackets=is_in_brackets(subject, fault.pointer))
        literal = f"{key} holds the password itself, and whoever sees a copy of this file has it."
        yield Finding(
            message=literal if meant is None else f"{key} {_kind(value)}, which may be the password itself.",
            place=AtKey(pointer=fault.pointer),
            help=f"Change the password at the provider, then refer to it: {WAYS}."
            if meant is None
            else f"{meant} If it is the password itself, change it at the provider.",
        )
    for one in references_of(subject):
        # Of a variable that is not there another rule says so.
        if one.is_maybe_secret and (subject.secrets is None or not _is_missing(subject.secrets, subject, one)):
            yield Finding(
                message="The name of this variable looks like an app password: 16 letters that say nothing.",
                place=AtValue(pointer=one.pointer),
                help="If it is the password itself, make a new one at the provider, and write the name of the variable "
                "that holds it, such as `env: SMTP_PASSWORD`.",
                severity=Severity.WARNING,
            )


def _is_missing(secrets: SecretChecker, subject: Subject, one: Referred) -> bool:
    return secrets.problem(one.reference, subject.loaded.file) is not None


def _kind(value: object) -> str:
    match value:
        case list():
            return "is a list and no reference"
        case dict():
            return "has braces, but no reference in them"
        case _:
            return "is text and no reference"


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

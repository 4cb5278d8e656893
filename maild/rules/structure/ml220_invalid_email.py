"""Text that is no e-mail address.

## What it finds
Addresses with something missing, or more than one address, or a name beside it, where one plain address must stand.

## Why it matters
A server refuses mail from or to such an address, and answers would go nowhere.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
reply_to: office@
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
reply_to: office@inn.example
```

## See
- RFC 5321 §4.1.2
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidEmail
from maild.config.pasted import several_addresses
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, path_of
from maild.rules.repair import rewrite_value
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML220",
    name="invalid-email",
    severity=Severity.ERROR,
    summary="Text that is no e-mail address.",
    faults=(InvalidEmail,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such text, and what is wrong with it."""
    for fault in subject.faults(InvalidEmail):
        message, advice = _of_login(fault) if fault.pointer == "/username" else _of_address(fault)
        key, meant = key_of(fault.pointer), fault.suggestion
        yield Finding(
            message=message,
            place=AtValue(pointer=fault.pointer),
            help=f"Write {code(meant if key.isdecimal() else f'{key}: {meant}')}." if meant else advice,
            fix=rewrite_value(subject, fault.pointer, meant, is_safe=False) if meant else None,
        )


def _of_login(fault: InvalidEmail) -> tuple[str, str]:
    reason = f": {fault.problem.rstrip('.')}" if fault.problem else ""
    wrong = f"{code(fault.found)} looks like an e-mail address and is none{reason}."
    return (
        f"{wrong} So nothing says which address the mail comes from.",
        "Correct the username, or add `email: billing@example.com` with the sender's address.",
    )


def _of_address(fault: InvalidEmail) -> tuple[str, str]:
    wrong = f"{code(fault.found)} is none: {fault.problem.rstrip('.')}" if fault.found else "it is empty"
    several = several_addresses(fault.found) if fault.pointer == "/reply_to" else ()
    if several:
        written = f"reply_to: [{', '.join(several)}]"
        return (
            f"`reply_to` must be an e-mail address or a list of them, but {code(fault.found)} is neither.",
            f"Write {code(written)}.",
        )
    return (
        f"{code(path_of(fault.pointer))} must be an e-mail address, but {wrong}.",
        "Write one address such as `billing@example.com`, without a name or brackets.",
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""A value is none of the allowed ones.

## What it finds
Words other than those a key can have, such as `protocol: smpt`.

## Why it matters
maild cannot act on a word it does not know, and what depends on it is not checked further: with a misspelt protocol
nobody can say which keys are right.

## Bad
```yaml
protocol: smpt
smtp: {host: smtp.gmail.com, port: 465}
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
- `maild schema account`: the choices of every key
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidChoice
from maild.config.model import TlsMode
from maild.diagnostics import Fix, Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, path_of, pattern_of
from maild.rules.ports import fitting_mode
from maild.rules.repair import rewrite_value
from maild.rules.rule import Rule
from maild.rules.spelling import fold, nearest
from maild.rules.subject import Subject
from maild.rules.transport.ml308_tls_version_too_low import is_old
from maild.rules.vocabulary import OPPORTUNISTIC, VALUE_SYNONYMS
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML204",
    name="invalid-choice",
    severity=Severity.ERROR,
    summary="A value is none of the allowed ones.",
    faults=(InvalidChoice,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such value, with the word that was meant."""
    for fault in subject.faults(InvalidChoice):
        if (
            fault.pointer == "/version"
            or is_old(fault)
            or (fault.pointer == "/smtp/tls/mode" and fold(fault.found) in OPPORTUNISTIC)
        ):
            continue
        meant = _meant(subject, fault)
        key = key_of(fault.pointer)
        yield Finding(
            message=f"{code(path_of(fault.pointer))} cannot be {code(fault.found)}; "
            f"it can be {listed(map(code, fault.allowed), 'or')}.",
            place=AtValue(pointer=fault.pointer),
            help=f"Write {code(meant if key.isdecimal() else f'{key}: {meant}')}." if meant else "",
            fix=None if meant is None else _fix(subject, fault, meant),
        )


def _fix(subject: Subject, fault: InvalidChoice, meant: str) -> Fix | None:
    return rewrite_value(subject, fault.pointer, meant, is_safe=fold(meant) == fold(fault.found))


def _meant(subject: Subject, fault: InvalidChoice) -> str | None:
    foreign = VALUE_SYNONYMS.get(pattern_of(fault.pointer), {}).get(fold(fault.found))
    if foreign == TlsMode.IMPLICIT:
        # "ssl" and "tls" mean encryption of whichever kind the port has.
        return fitting_mode(subject)
    return foreign if foreign is not None else nearest(fault.found, fault.allowed)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

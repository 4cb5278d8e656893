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
- `maild schema account`: the choices of every key
"""

import re
from collections.abc import Iterator
from typing import Final

from maild.config.fault import InvalidChoice, Pointer
from maild.diagnostics import Fix, Severity
from maild.providers import PROVIDERS
from maild.rules.encryption import MODE, meant_mode
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, parent, path_of, pattern_of
from maild.rules.repair import rewrite_value
from maild.rules.rule import Rule
from maild.rules.severities import SEVERITIES, switch_off
from maild.rules.spelling import fold, nearest
from maild.rules.subject import Subject
from maild.rules.transport.ml308_tls_version_too_low import is_old
from maild.rules.vocabulary import OPPORTUNISTIC, READING, VALUE_SYNONYMS
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML204",
    name="invalid-choice",
    severity=Severity.ERROR,
    summary="A value is none of the allowed ones.",
    faults=(InvalidChoice,),
    is_fixed=True,
)


_NOTE: Final = re.compile(r"\s*\(.*\)$")


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
        reading = READING.get(fold(fault.found)) if fault.pointer == "/protocol" else None
        yield Finding(
            message=f"{code(path_of(fault.pointer))} cannot be {code(fault.found)}; "
            f"it can be {listed(map(code, fault.allowed), 'or')}."
            if reading is None
            else f"{reading} is for reading mail, and maild sends it.",
            place=AtValue(pointer=fault.pointer),
            help=_switched_off(fault)
            or _by_smtp(fault, meant)
            or _help(key, meant, is_about_reading=reading is not None),
            fix=None if meant is None else _fix(subject, fault, meant),
        )


def _switched_off(fault: InvalidChoice) -> str:
    """A rule that somebody wants to hear nothing of."""
    is_severity = pattern_of(parent(fault.pointer)) in SEVERITIES
    is_off = is_severity and fold(fault.found) in {"off", "none", "ignore", "disabled", "never", "0"}
    return switch_off(fault.pointer) if is_off else ""


def _by_smtp(fault: InvalidChoice, meant: str | None) -> str:
    """A company that maild reaches by SMTP alone."""
    if fault.pointer != "/http/kind" or meant is not None:
        return ""
    provider = next((known for known in PROVIDERS if fold(known.id) == fold(fault.found)), None)
    if provider is None or "*" in provider.hosts[0]:
        return ""
    section = code(f"smtp: {{host: {provider.hosts[0]}, port: {provider.best_port.port}}}")
    return f"maild reaches {provider.title} by SMTP: write `protocol: smtp`, and {section} in the place of `http`."


def _help(key: str, meant: str | None, *, is_about_reading: bool) -> str:
    if meant is None:
        return ""
    server = ", and under `smtp` the provider's server for sending" if is_about_reading else ""
    return f"Write {code(meant if key.isdecimal() else f'{key}: {meant}')}{server}."


def _fix(subject: Subject, fault: InvalidChoice, meant: str) -> Fix | None:
    return rewrite_value(subject, fault.pointer, meant, is_safe=fold(meant) == fold(fault.found))


def _meant(subject: Subject, fault: InvalidChoice) -> str | None:
    bare = _NOTE.sub("", fault.found)
    if bare in fault.allowed:
        return bare
    if fault.pointer == MODE and (mode := meant_mode(subject, fault.found)) is not None:
        return mode
    foreign = VALUE_SYNONYMS.get(pattern_of(fault.pointer), {}).get(fold(fault.found))
    if foreign is None and fault.pointer == "/protocol":
        return _protocol(subject, fault.found)
    return foreign if foreign is not None else nearest(fault.found, fault.allowed)


def _protocol(subject: Subject, found: str) -> str | None:
    """The protocol that a longer text names; of two, the one whose section is there."""
    if fold(found) in READING:
        return "smtp"
    words = [word for word in ("smtp", "http") if word in fold(found)]
    written = [word for word in words if subject.value(Pointer(f"/{word}")) is not None]
    return next(iter(written or words), None) or nearest(found, ("smtp", "http"))


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

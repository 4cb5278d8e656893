r"""Text that cannot stand there.

## What it finds
Line breaks and other invisible characters in a name, and text that does not have the form its key needs: an address to
listen on, the name of a header field, the name of a file as the name of an account.

## Why it matters
A name is written into the header of every message. A line break in it would begin a new header field, and with that
somebody could change where mail goes.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
name: "Example\nShop"
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
name: Example Shop
```

## See
- RFC 5322 §2.2
"""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from maild.config.fault import InvalidText, OutOfRange, Pointer
from maild.config.load import SUFFIXES
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, parent, path_of, pattern_of
from maild.rules.provider.service_region import REGION, strange_region
from maild.rules.rule import Rule
from maild.rules.scalars import ACCOUNT_NAMES
from maild.rules.spelling import nearest
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML226",
    name="invalid-text",
    severity=Severity.ERROR,
    summary="Text that cannot stand there.",
    faults=(InvalidText,),
    is_fixed=True,
)


_SEVERITIES: Final = frozenset({"/lint/severity", "/lint/paths/*/severity"})
_OF_CODES: Final = _SEVERITIES | {"/lint/ignore", "/lint/paths/*/ignore"}
_OF_KEYS: Final = _SEVERITIES | {"/routes/*/match/header"}


def check(subject: Subject) -> Iterator[Finding]:
    """Each such text, and why it cannot stand there."""
    of_wrong_length = {fault.pointer for fault in subject.faults(OutOfRange)}
    for fault in subject.faults(InvalidText):
        if fault.pointer in {"", "/password/env"} | of_wrong_length:
            continue
        strange = strange_region(subject) if fault.pointer == REGION else None
        if strange is not None:
            yield Finding(message=strange.message, place=AtValue(pointer=REGION), help=strange.help)
            continue
        # The names of headers and the codes of rules are keys themselves.
        is_key = pattern_of(parent(fault.pointer)) in _OF_KEYS
        yield Finding(
            message=f"The text of {code(path_of(fault.pointer))} cannot be used: {fault.problem.rstrip('.')}.",
            place=AtKey(pointer=fault.pointer) if is_key else AtValue(pointer=fault.pointer),
            help=_help(subject, fault.pointer),
        )


def _help(subject: Subject, pointer: Pointer) -> str:
    if pattern_of(parent(pointer)) in _OF_CODES:
        return _help_with_code(subject, pointer)
    value = subject.value(pointer)
    if pattern_of(pointer) in ACCOUNT_NAMES and isinstance(value, str):
        return f"Write {code(PurePath(value).stem)}." if PurePath(value).suffix in SUFFIXES else ""
    if isinstance(value, str) and value.startswith("~"):
        return "Write the whole path from `/` on: `~` is somebody's home, and maild runs as a user of its own."
    return ""


def _help_with_code(subject: Subject, pointer: Pointer) -> str:
    written = str(subject.value(pointer) if key_of(pointer).isdecimal() else key_of(pointer))
    names = {info.name: info.code for info in subject.rules.values()}
    meant = nearest(written.upper(), subject.rules) if written[:2].upper() == "ML" else nearest(written.lower(), names)
    return f"{f'Did you mean {code(meant)}? ' if meant else ''}`maild rules` lists every rule."


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

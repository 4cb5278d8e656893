"""A key stands twice in the same place, so one of its values would be lost.

## What it finds
The same key written twice in one mapping.

## Why it matters
Most programs silently take the last one. Whoever reads the first line believes in a setting that is not in force.

## Bad
```yaml
protocol: smtp
smtp:
  host: smtp.gmail.com
  port: 465
  port: 587
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp:
  host: smtp.gmail.com
  port: 465
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2 §3.2.1.3, Node Comparison: the keys of a mapping are unique
"""

from collections.abc import Iterator, Sequence
from typing import Final

from maild.config.fault import DuplicateKey, Pointer, UnknownKey
from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, parent, pattern_of
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.suggestion import is_misplaced, meant_key
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML107",
    name="duplicate-key",
    severity=Severity.ERROR,
    summary="A key stands twice in the same place, so one of its values would be lost.",
    faults=(DuplicateKey,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """The second key, with the first one beside it."""
    again = [fault for fault in subject.faults(DuplicateKey) if not parent(fault.pointer)]
    is_account_again = subject.is_account and len({fault.key for fault in again}) > 1
    if is_account_again:
        yield _second_account(again)
    # A hostile file has ten thousand of both kinds.
    strays = tuple(subject.faults(UnknownKey))
    for fault in subject.faults(DuplicateKey):
        if (is_account_again and not parent(fault.pointer)) or _follows_from_a_stray_key(subject, fault, strays):
            continue
        yield Finding(
            message=f"{code(fault.key)} stands here a second time: only one of the two values can count.",
            place=AtSpan(span=fault.second, pointer=fault.pointer),
            help="Delete the line that is wrong.",
            because=(Because(place=AtSpan(span=fault.first), message="it stood here before"),),
        )


def _second_account(again: list[DuplicateKey]) -> Finding:
    """Several keys of the file stand there twice: somebody wrote two accounts into it."""
    keys = list(dict.fromkeys(fault.key for fault in again))
    return Finding(
        message=f"A second account seems to begin here: {listed(map(code, keys), 'and')} stand in the file twice, and "
        f"only one of the two can count.",
        place=AtSpan(span=again[0].second, pointer=again[0].pointer),
        help="One file is one account: move the second one into a file of its own in the folder `accounts`, or delete "
        "it.",
        because=(Because(place=AtSpan(span=again[0].first), message="it stood here before"),),
    )


def _follows_from_a_stray_key(subject: Subject, fault: DuplicateKey, strays: Sequence[UnknownKey]) -> bool:
    """Whether a key between the two stands too far right, which would part them: a list's entry began there."""
    here = parent(fault.pointer)
    return key_of(here).isdecimal() and any(
        _is_astray(subject, unknown, here) for unknown in strays if unknown.pointer.startswith(f"{fault.pointer}/")
    )


def _is_astray(subject: Subject, unknown: UnknownKey, there: Pointer) -> bool:
    meant = meant_key(subject, unknown)
    return meant is not None and is_misplaced(unknown, meant) and parent(meant) == pattern_of(there)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

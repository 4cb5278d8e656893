"""`maild.yaml` names an account that has no file.

## What it finds
Names in `default_account` and in the `accounts` of routes for which there is no file in the folder `accounts`. The name
of an account is its file's name without `.yaml`. Only looked at when the whole folder is checked.

## Why it matters
Mail that should go through the account would wait for ever.

## Bad
```yaml
# maild.yaml, beside accounts/billing.yaml and accounts/shop.yaml
default_account: biling
```

## Good
```yaml
# maild.yaml, beside accounts/billing.yaml and accounts/shop.yaml
default_account: billing
```

## See
- `maild schema maild`: the keys that name accounts
"""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from maild.config.fault import Pointer, UnknownAccount
from maild.config.load import SUFFIXES
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.scalars import UNSEEN
from maild.rules.spelling import nearest
from maild.rules.subject import Subject
from maild.rules.unsettled import unsettled_places
from maild.rules.ways import ways
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML216",
    name="unresolved-reference",
    severity=Severity.ERROR,
    summary="`maild.yaml` names an account that has no file.",
    faults=(UnknownAccount,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each name without an account, and the account that was probably meant."""
    for fault in (*subject.faults(UnknownAccount), *_unknown(subject)):
        file = PurePath(fault.found)
        meant = file.stem if file.suffix in SUFFIXES and file.stem in fault.known else nearest(fault.found, fault.known)
        hidden = "; the name has a blank or mark that is not what it looks like" if UNSEEN.search(fault.found) else ""
        known = listed(map(code, fault.known), "and") if fault.known else "none"
        yield Finding(
            message=f"There is no account {code(fault.found)}: the folder `accounts` has no file of that name.",
            place=AtValue(pointer=fault.pointer),
            help=f"Write {code(meant)}{hidden}." if meant else f"The accounts that there are: {known}{hidden}.",
        )


def _unknown(subject: Subject) -> Iterator[UnknownAccount]:
    if subject.accounts is None or subject.is_account:
        return
    unsettled = unsettled_places(subject)
    for pointer, name in _named(subject):
        if isinstance(name, str) and name not in subject.accounts and pointer not in unsettled:
            yield UnknownAccount(pointer=pointer, found=name, known=subject.accounts)


def _named(subject: Subject) -> Iterator[tuple[Pointer, object]]:
    yield Pointer("/default_account"), subject.value(Pointer("/default_account"))
    yield from ((way.pointer, way.name) for way in ways(subject))


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

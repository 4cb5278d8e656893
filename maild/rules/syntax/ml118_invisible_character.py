"""A character that looks like another one, or like nothing.

## What it finds
Blanks that do not break, marks without width, and printed quotes (“ ”) around a value: what word processors and web
pages put in when text is copied from them. In the names of servers and domains, also letters of another alphabet among
Latin ones, such as a Cyrillic letter that looks like an a.

## Why it matters
The value is another one than it seems to be: a server does not know the user name with such a blank in it, and
printed quotes are part of the value.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
name: “Shop”
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
name: "Shop"
```

## See
- https://www.unicode.org/charts/, General Punctuation
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from maild.config.fault import UnknownKey
from maild.config.foreign import CopiedCharacters
from maild.diagnostics import Severity
from maild.diagnostics.fix import index_of
from maild.rules.finding import AtKey, AtSpan, AtValue, Finding, Place
from maild.rules.homograph import NAMES, foreign_letter
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, pattern_of
from maild.rules.rule import Rule
from maild.rules.scalars import ACCOUNT_NAMES, ADDRESS_PATTERNS, UNSEEN, Scalar, scalars
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML118",
    name="invisible-character",
    severity=Severity.WARNING,
    summary="A character that looks like another one, or like nothing.",
)

_QUOTED: Final = re.compile("[\u201c\u201e\u201f\u2018\u201a].*[\u201c\u201d\u2018\u2019]", re.DOTALL)
_FREE_TEXT: Final = frozenset({"name"})


def check(subject: Subject) -> Iterator[Finding]:
    """Each key and value with such a character; in free text only printed quotes around it, the rest may be meant."""
    for unknown in subject.faults(UnknownKey):
        if UNSEEN.search(unknown.key) is not None:
            # A file with an unknown key is refused, however little of the key can be seen.
            found = _finding(_in_key(subject, unknown), "key", "Type the key again.")
            yield replace(found, severity=Severity.ERROR)
    told = {place.span.line for fault in subject.faults(CopiedCharacters) for place in fault.places}
    for scalar in scalars(subject):
        if not isinstance(scalar.value, str) or (told and scalar.mark.value.line in told):
            continue
        if scalar.is_plain and _QUOTED.fullmatch(scalar.value) is not None:
            yield Finding(
                message="The printed quotes are part of the value; only \" and ' are quotes in YAML.",
                place=AtValue(pointer=scalar.pointer),
                help='Replace them with ".',
            )
        elif pattern_of(scalar.pointer) in NAMES and (alike := foreign_letter(scalar.raw)) is not None:
            yield Finding(
                message="A letter of another alphabet stands among Latin ones: it looks like one of them and makes "
                "another name of it.",
                place=scalar.place_of(alike, alike + 1),
                help="Type the name again.",
            )
        elif UNSEEN.search(scalar.value) is not None and key_of(scalar.pointer) not in _FREE_TEXT:
            if _is_judged_elsewhere(subject, scalar):
                continue
            seen = UNSEEN.search(scalar.raw)
            place = AtValue(pointer=scalar.pointer) if seen is None else scalar.place_of(*seen.span())
            yield _finding(place, "value", "Type the value again.")


def _in_key(subject: Subject, unknown: UnknownKey) -> Place:
    """The character in the key, where it is written as such."""
    document = subject.loaded.document
    # What an alias stands for has no mark of its own.
    mark = None if document is None else document.marks.get(unknown.pointer)
    key = None if mark is None else mark.key
    if document is None or key is None or key.line != key.end_line:
        return AtKey(pointer=unknown.pointer)
    start, end = index_of(document.text).range_of(key)
    seen = UNSEEN.search(document.text[start:end])
    if seen is None:
        return AtKey(pointer=unknown.pointer)
    column = key.column + seen.start()
    return AtSpan(span=replace(key, column=column, end_column=column + 1), pointer=unknown.pointer)


def _is_judged_elsewhere(subject: Subject, scalar: Scalar) -> bool:
    place = pattern_of(scalar.pointer)
    is_name = place in ACCOUNT_NAMES and subject.accounts is not None
    return is_name or (place in ADDRESS_PATTERNS and any(map(str.isspace, str(scalar.value))))


def _finding(place: Place, what: str, advice: str) -> Finding:
    return Finding(
        message=f"The {what} holds a blank or mark that is not what it looks like, so it is another {what} than it "
        f"seems to be.",
        place=place,
        help=advice,
    )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Characters of printed text stand where YAML wants its own.

## What it finds
Blanks that do not break before a key or behind its colon, wide colons, and printed quotes around a value that must be
a word or a name.

## Why it matters
They come along when settings are copied from a web page, a letter or a chat. To YAML they are letters, so a line is no
key, or the value is another one than it seems to be.

## Bad
```yaml
protocol: smtp
smtp:
  host: smtp.gmail.com
  port:\u00a0465
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
- YAML 1.2.2 §5.5, White Space Characters: only the usual blank and the tab
"""

from collections.abc import Iterator
from typing import Final

from maild.config.foreign import Copied, CopiedCharacters, CopiedKind
from maild.diagnostics import Edit, Fix, Severity
from maild.rules.finding import AtSpan, Because, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML124",
    name="copied-characters",
    severity=Severity.ERROR,
    summary="Characters of printed text stand where YAML wants its own.",
    faults=(CopiedCharacters,),
    is_fixed=True,
)

_MOST_SHOWN: Final = 10

_WORDS: Final = {
    CopiedKind.BLANK: (
        "The blank here is none to YAML: it is one of those that web pages and letters put in.",
        "Delete it and type a usual space.",
    ),
    CopiedKind.COLON: (
        "The colon here is a wide one, which is a letter to YAML, so this is no key.",
        "Type a usual colon and a space.",
    ),
    CopiedKind.QUOTE: (
        "The quotes here are printed ones, which are letters to YAML, so they are part of the value.",
        'Type usual quotes (") or none.',
    ),
}


def check(subject: Subject) -> Iterator[Finding]:
    """All of them at once, at the first."""
    for fault in subject.faults(CopiedCharacters):
        first, *others = sorted(fault.places, key=lambda place: place.span)
        what, advice = _WORDS[first.kind]
        more = f" There are {len(others)} more such places in the file." if len(others) > 1 else ""
        yield Finding(
            message=f"{what}{more}",
            place=AtSpan(span=first.span),
            help=advice,
            because=tuple(Because(place=AtSpan(span=other.span), message="and here") for other in others[:_MOST_SHOWN]),
            fix=Fix(edits=tuple(map(_edit, fault.places)), is_safe=True),
        )


def _edit(place: Copied) -> Edit:
    return Edit(span=place.span, text=place.meant)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

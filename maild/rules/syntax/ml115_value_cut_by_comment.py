"""A value ends at a # that was probably meant to be part of it.

## What it finds
A blank and a `#` with one word behind it, in a display name or a pattern for a header that is not quoted.

## Why it matters
Behind a blank, `#` begins a comment in YAML, so the rest of the value is silently lost.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
name: Shop #1
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
name: "Shop #1"
```

## See
- YAML 1.2.2 §6.6, Comments
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from maild.diagnostics import Severity
from maild.diagnostics.lines import split_lines
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.pointing import key_of, pattern_of
from maild.rules.rule import Rule
from maild.rules.scalars import scalars
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML115",
    name="value-cut-by-comment",
    severity=Severity.WARNING,
    summary="A value ends at a # that was probably meant to be part of it.",
)

_FREE_TEXT: Final = frozenset({"", "/routes/*/match/header"})
_KEYS_AT_TOP: Final = frozenset({"name"})
_COMMENT: Final = re.compile(r"[ \t]+(#[^\s#]+)[ \t]*")


def check(subject: Subject) -> Iterator[Finding]:
    """Each such value: where people write free text, and where the comment is one word that touches its #."""
    lines = split_lines(subject.loaded.text)
    for scalar in scalars(subject):
        if not scalar.is_plain or pattern_of(scalar.pointer).rpartition("/")[0] not in _FREE_TEXT:
            continue
        end = scalar.mark.value
        rest = lines[end.end_line - 1][end.end_column - 1 :]
        if key_of(scalar.pointer) in _KEYS_AT_TOP or scalar.pointer.count("/") > 1:
            found = _COMMENT.fullmatch(rest)
            if found is not None:
                at = end.end_column
                lost = replace(end, line=end.end_line, column=at + found.start(1), end_column=at + found.end(1))
                yield Finding(
                    message=f"The value ends before {code(found[1])}: behind a blank, # begins a comment.",
                    place=AtSpan(span=lost, pointer=scalar.pointer),
                    help="Put the whole value in quotes; if it is a comment, put a blank after the #.",
                )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""An ignore comment ignores nothing.

## What it finds
Comments `# maild: ignore ML301` for rules that find nothing at the value that the comment belongs to: the one it stands
behind, or the next one when it stands on a line of its own.

## Why it matters
What was wrong has been put right, or the comment stands at the wrong place. Left behind, it would hide the same mistake
when somebody makes it again.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}   # maild: ignore ML301 -- port 465 was blocked
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
- `maild explain ML902`: comments that end at a date
"""

from collections.abc import Iterator
from typing import Final

from maild.config.document import Document
from maild.diagnostics import Edit, Fix, Severity, Span
from maild.diagnostics.fix import index_of
from maild.rules.finding import AtSpan, Finding
from maild.rules.ignore import Ignore, IgnoredRule
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML901",
    name="unused-ignore",
    severity=Severity.WARNING,
    summary="An ignore comment ignores nothing.",
)


def check(subject: Subject) -> Iterator[Finding]:  # noqa: ARG001 -- every rule is called alike
    """Nothing: only the engine knows what the other rules found, and asks for `unused_finding`."""
    yield from ()


def unused_finding(ignore: Ignore, rule: IgnoredRule, document: Document) -> Finding:
    """What is said of one rule in a comment."""
    return Finding(
        message=f"{code(rule.text)} finds nothing here, so this comment ignores nothing.",
        place=AtSpan(span=rule.span),
        help="Delete the comment, or put it behind the value that is meant.",
        fix=_fix(ignore, document) if len(ignore.rules) == 1 else None,
    )


def _fix(ignore: Ignore, document: Document) -> Fix:
    """The comment goes, with the blanks before it; of a line that had nothing else, the line."""
    span = ignore.span
    index = index_of(document.text)
    if ignore.is_alone and span.line < len(index.starts):
        gone = Span(line=span.line, column=1, end_line=span.line + 1, end_column=1)
    else:
        start = index.starts[span.line - 1]
        before = document.text[start : start + span.column - 1].rstrip(" \t")
        gone = Span(line=span.line, column=len(before) + 1, end_line=span.line, end_column=span.end_column)
    return Fix(edits=(Edit(span=gone, text=""),), is_safe=True)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

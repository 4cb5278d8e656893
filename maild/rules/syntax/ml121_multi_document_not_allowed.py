"""A second document begins in the file; it would be ignored.

## What it finds
A line with `---` behind the first values.

## Why it matters
One file is one account. What follows the line would not be read, although it looks as if it were in force.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
---
protocol: smtp
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2 §9.2, Streams
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import UnsupportedYaml
from maild.diagnostics import Edit, Fix, Severity, Span
from maild.diagnostics.lines import split_lines
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML121",
    name="multi-document-not-allowed",
    severity=Severity.ERROR,
    summary="A second document begins in the file; it would be ignored.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Where the second document begins."""
    for fault in subject.faults(UnsupportedYaml):
        if fault.kind == "document":
            is_needless = _is_needless(subject, fault.span)
            elsewhere = "Move what follows into a file of its own in the folder `accounts`, or delete the line `---`."
            yield Finding(
                message="A second document begins here, and a file holds only one: the rest would be ignored.",
                place=AtSpan(span=fault.span),
                help="Delete the line `---`." if is_needless else elsewhere,
                fix=_without_line(subject, fault.span) if is_needless else None,
            )


def _is_needless(subject: Subject, mark: Span) -> bool:
    """Whether nothing is divided by it: before it stands nothing, or behind it."""
    document = subject.loaded.document
    rest = split_lines(subject.loaded.text)[mark.line :]
    is_last = not any(line.strip() and not line.lstrip().startswith("#") for line in rest)
    return (document is not None and document.value is None) or is_last


def _without_line(subject: Subject, mark: Span) -> Fix | None:
    line = split_lines(subject.loaded.text)[mark.line - 1]
    if line.strip() != "---" or mark.line == 1:
        return None
    # With the break before it: the last line of a file may have none behind it.
    before = split_lines(subject.loaded.text)[mark.line - 2]
    span = Span(line=mark.line - 1, column=len(before) + 1, end_line=mark.line, end_column=len(line) + 1)
    return Fix(edits=(Edit(span=span, text=""),), is_safe=True)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

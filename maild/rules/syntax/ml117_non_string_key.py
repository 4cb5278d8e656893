"""A key is no text.

## What it finds
Keys that YAML reads as a number, as true or false, as nothing, or as a list. A whole line is one where a `?` stands
before it.

## Why it matters
Every key of maild is a word. Such a key is mostly a slip, and programs disagree about what it means.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
true: yes
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
- YAML 1.2.2 §10.3, Core Schema
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from maild.config.fault import UnsupportedYaml
from maild.diagnostics import Edit, Fix, Severity
from maild.diagnostics.fix import index_of
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.question_mark import question_mark
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML117",
    name="non-string-key",
    severity=Severity.ERROR,
    summary="A key is no text.",
    faults=(UnsupportedYaml,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Where the key stands."""
    for fault in subject.faults(UnsupportedYaml):
        if fault.kind != "key":
            continue
        line = index_of(subject.loaded.text).line(fault.span.line)
        mark = question_mark(line, fault.span.column)
        if mark is not None:
            span = replace(fault.span, column=mark[0], end_line=fault.span.line, end_column=mark[1])
            yield Finding(
                message="A `?` stands before the key, and so YAML takes the whole line for a key without a value.",
                place=AtSpan(span=replace(span, end_column=mark[0] + 1)),
                help="Delete the `?`.",
                fix=Fix(edits=(Edit(span=span, text=""),), is_safe=True),
            )
        elif line[fault.span.column - 2 : fault.span.column] == "{{":
            yield Finding(
                message="`{{ … }}` is for templates, and nothing fills it in here.",
                place=AtSpan(span=fault.span),
                help="Write the value itself, and of a password where it is: `password: {env: NAME}`.",
            )
        else:
            yield Finding(
                message=f"The key {code(fault.text) if fault.text else 'here'} is no text; maild's keys are words.",
                place=AtSpan(span=fault.span),
                help="Delete it, or put it in quotes where it is meant as a word.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

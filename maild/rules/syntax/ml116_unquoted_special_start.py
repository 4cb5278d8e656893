"""A value begins with a character that means something else in YAML.

## What it finds
Values that begin with `@ % & * ! | > { [` or a backquote and are not quoted.

## Why it matters
Nothing of the file can be used. maild keeps sending with the last version that was right.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
name: @Shop
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
name: "@Shop"
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2 §5.3, Indicator Characters
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import YamlSyntax
from maild.config.syntax_cause import SyntaxCause
from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.line_advice import advise_about
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML116",
    name="unquoted-special-start",
    severity=Severity.ERROR,
    summary="A value begins with a character that means something else in YAML.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Where the value begins."""
    for fault in subject.faults(YamlSyntax):
        if fault.cause == SyntaxCause.UNQUOTED_SPECIAL:
            yield Finding(
                message="The value begins with a character that means something else in YAML. Nothing in the file "
                "can be used.",
                place=AtSpan(span=fault.span),
                help=advise_about(subject, fault) or "Put the whole value in double quotes.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

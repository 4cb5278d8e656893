"""A line is indented with a tab.

## What it finds
Tabs at the beginning of a line, where YAML takes only spaces.

## Why it matters
Nothing of the file can be used. maild keeps sending with the last version that was right.

## Bad
```yaml
protocol: smtp
smtp:
\thost: smtp.gmail.com
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp:
  host: smtp.gmail.com
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2 §6.1, Indentation Spaces
"""  # noqa: D301 -- \t is a tab here, which the file itself cannot hold

from collections.abc import Iterator
from typing import Final

from maild.config.fault import YamlSyntax
from maild.config.syntax_cause import SyntaxCause
from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Finding
from maild.rules.indentation import spaces_for_tabs
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML109",
    name="tab-indentation",
    severity=Severity.ERROR,
    summary="A line is indented with a tab.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Where the tab stands."""
    for fault in subject.faults(YamlSyntax):
        if fault.cause == SyntaxCause.TAB_INDENTATION:
            yield Finding(
                message="The line is indented with a tab, and YAML takes only spaces. Nothing in the file can be used.",
                place=AtSpan(span=fault.span),
                help="Use spaces, as many as the lines beside it have.",
                fix=spaces_for_tabs(subject.loaded.text),
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

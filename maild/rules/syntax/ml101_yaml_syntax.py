"""The file cannot be read as YAML, so nothing in it counts.

## What it finds
Text that breaks the rules of YAML: a value with a colon that is not quoted, a quote or bracket that is never closed, a
tab where spaces must stand, a line that is indented differently from its neighbours.

## Why it matters
Nothing of the file can be used. maild keeps sending with the last version that was right.

## Bad
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
name: Example Shop: Billing
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
name: "Example Shop: Billing"
username: billing@example.com
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2, https://yaml.org/spec/1.2.2/
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from maild.config.fault import SyntaxCause, YamlSyntax
from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML101",
    name="yaml-syntax",
    severity=Severity.ERROR,
    summary="The file is no YAML.",
    faults=(YamlSyntax,),
    is_fixed=True,
)

_HELP: Final[Mapping[str, str]] = MappingProxyType(
    {
        SyntaxCause.UNQUOTED_SPECIAL: "The value begins with a character that means something else in YAML. "
        "Put the whole value in double quotes.",
        SyntaxCause.TAB_INDENTATION: "Use spaces, not tabs, to indent a line.",
        SyntaxCause.COLON_IN_VALUE: "The value holds a colon and a space. Put the whole value in double quotes.",
        SyntaxCause.MISSING_QUOTE: "A quote is opened here and not closed where it should be. Close it on this line.",
        SyntaxCause.TEXT_AFTER_QUOTE: "Something stands after the closing quote. Quote the whole value.",
        SyntaxCause.NO_SPACE_AFTER_COLON: "Put a space after the colon: `key: value`.",
        SyntaxCause.MISSING_COLON: "A key ends with a colon: `key: value`.",
        SyntaxCause.UNCLOSED_BRACKET: "A bracket is opened here and not closed. Close it with `]` or `}`.",
        SyntaxCause.BACKSLASH: "In double quotes a backslash must be doubled. Use single quotes instead.",
        SyntaxCause.INDENTATION: "Let the line begin in the same column as the lines it belongs to.",
        SyntaxCause.CONTROL_CHARACTER: "Delete the invisible character and type the line again.",
    }
)


def check(subject: Subject) -> Iterator[Finding]:
    """What the parser stumbled over, with the usual mistake behind it."""
    for fault in subject.faults(YamlSyntax):
        yield Finding(
            message=f"This is no valid YAML, so nothing in the file can be used: {fault.problem}.",
            place=AtSpan(span=fault.span),
            help=_HELP.get(fault.cause, ""),
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

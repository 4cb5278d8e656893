r"""The file is not UTF-8 text, so its letters cannot be told.

## What it finds
Files saved as UTF-16, Latin-1 or Windows-1252.

## Why it matters
YAML files are UTF-8. In another encoding a name such as "Müller" would arrive as something else, or the file cannot
be read at all.

## Bad
```text
name: M\xfcller        # the single byte of Latin-1
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
name: Müller
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- YAML 1.2.2 §5.2, Character Encodings
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import NotUtf8
from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML102",
    name="file-not-utf8",
    severity=Severity.ERROR,
    summary="The file is not UTF-8 text, so its letters cannot be told.",
    faults=(NotUtf8,),
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Where the bytes stop being UTF-8."""
    for fault in subject.faults(NotUtf8):
        yield Finding(
            message=f"The file is not UTF-8 text but looks like {fault.guess}, so nothing in it can be used.",
            place=AtSpan(span=fault.span),
            help="Save the file again with the encoding UTF-8.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

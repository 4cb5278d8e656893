"""A secret of a known form stands in the file.

## What it finds
API keys and private keys that can be told by their form, such as `SG.` of SendGrid, `xkeysib-` of Brevo or a block
`BEGIN PRIVATE KEY`: anywhere in the file, comments too.

## Why it matters
Configuration files are kept under version control, copied and shown to others. Programs look for such keys in public
places and use them within minutes. Once it was in a file, change it: deleting the line does not delete the history.

## Bad
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {env: SMTP_PASSWORD}
# old key: xkeysib-0123456789abcdef0123456789abcdef
```

## Good
```yaml
protocol: smtp
smtp: {host: mail.example.org, port: 465}
username: billing@example.org
password: {env: SMTP_PASSWORD}
```

## See
- `maild explain ML501`: the ways to refer to a password
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from maild.config.fault import LiteralSecret
from maild.diagnostics import Severity, Span
from maild.diagnostics.fix import index_of
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.tokens import tokens

INFO: Final = RuleInfo(
    code="ML502",
    name="known-token-in-config",
    severity=Severity.ERROR,
    summary="A secret of a known form stands in the file.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each such secret; where the whole value of a password is one, another rule says so."""
    document = subject.loaded.document
    known = {
        line
        for fault in subject.faults(LiteralSecret)
        if document is not None
        for line in range(document.value_span(fault.pointer).line, document.value_span(fault.pointer).end_line + 1)
    }
    text = subject.loaded.text
    starts = index_of(text).starts
    for start, end in tokens(text):
        number = bisect_right(starts, start)
        if number not in known:
            before = starts[number - 1] - 1
            span = Span(line=number, column=start - before, end_line=number, end_column=end - before)
            yield Finding(
                message="This looks like a secret key, and whoever sees a copy of this file has it.",
                place=AtSpan(span=span),
                help="Make a new key at the provider, delete this one there and here, and refer to the new one: "
                "`password: {env: NAME}`.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

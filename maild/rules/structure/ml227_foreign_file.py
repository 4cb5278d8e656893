"""The file is written for another program.

## What it finds
Settings of Django, Laravel, nodemailer, msmtp, Postfix, Spring and others, files of environment variables, INI and TOML
files, tables of web pages, and keys in another language: several keys that maild does not have and whose meaning it
knows. Manifests of Kubernetes too, whatever they hold.

## Why it matters
None of them has an effect, however right they are elsewhere. The same settings in maild's keys are a few lines.

`maild check --fix --unsafe-fixes` writes them in the place of the others where they say all that the file says. It
leaves the file as it is where something would be lost: a setting that maild does not have, or a password, which it
must not write into a file and which may stand nowhere else.

## Bad
```yaml
EMAIL_HOST: smtp.gmail.com
EMAIL_PORT: 587
EMAIL_USE_TLS: True
EMAIL_HOST_USER: billing@inn.example
```

## Good
```yaml
protocol: smtp
smtp: {host: smtp.gmail.com, port: 587}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
```

## See
- `maild account init ADDRESS`: writes an account file
- `maild schema account`: every key that there is
"""

from collections.abc import Iterator
from typing import Final

from maild.config.foreign import ForeignFile
from maild.diagnostics import Edit, Fix, Severity, Span
from maild.diagnostics.lines import split_lines
from maild.rules.finding import AtSpan, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code, listed

INFO: Final = RuleInfo(
    code="ML227",
    name="foreign-file",
    severity=Severity.ERROR,
    summary="The file is written for another program.",
    faults=(ForeignFile,),
    is_fixed=True,
)

_INSTEAD: Final = "Write instead, with the password somewhere else than in this file:"
_ELSEWHERE: Final = (
    "Keep it outside of this folder. maild reads what is made of it: each account a file of its own, without the lines "
    "around its settings here."
)


def check(subject: Subject) -> Iterator[Finding]:
    """All of the file at once, with the lines to write instead."""
    for fault in subject.faults(ForeignFile):
        whose = fault.program or "another program"
        some = f", such as {listed(map(code, fault.words), 'and')}" if fault.words else ""
        yield Finding(
            message=f"These are settings of {whose}{some}; maild has keys of its own, so nothing here has an effect.",
            place=AtSpan(span=fault.span),
            help="\n".join([_INSTEAD, *fault.lines]) if fault.lines else _ELSEWHERE,
            fix=_rewrite(subject.loaded.text, fault) if fault.is_all else None,
        )


def _rewrite(text: str, fault: ForeignFile) -> Fix:
    """The file in maild's words, below the comments that it has on lines of their own."""
    lines = split_lines(text)
    comments = [line for line in lines if line.lstrip().startswith("#")]
    span = Span(line=1, column=1, end_line=len(lines), end_column=len(lines[-1]) + 1)
    return Fix(edits=(Edit(span=span, text="\n".join([*comments, *fault.lines, ""])),), is_safe=False)


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

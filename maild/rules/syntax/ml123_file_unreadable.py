"""A file of the configuration cannot be read.

## What it finds
A file that maild may not read, a symbolic link that leads nowhere, a FIFO, a device or a folder with a configuration
file's name.

## Why it matters
Nobody knows what the file says: an account that it should make does not exist, and its mail waits.

## Bad
```console
$ ls -l accounts/billing.yaml
-rw------- 1 bob bob 210 accounts/billing.yaml
```

## Good
```console
$ ls -l accounts/billing.yaml
-rw-r----- 1 bob maild 210 accounts/billing.yaml
```

## See
- `maild status`: how each file stands in the running daemon
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML123",
    name="file-unreadable",
    severity=Severity.ERROR,
    summary="A file of the configuration cannot be read.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:  # noqa: ARG001 -- every rule is called alike
    """Nothing: what cannot be read never gets as far as the rules; whoever reads the folder reports in its name."""
    yield from ()


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

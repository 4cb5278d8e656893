"""A setting was changed that the running daemon takes up at its next start only.

## What it finds
A running daemon finds it when `spool: {path: …}` or `web: {listen: …}` in its maild.yaml is not what it was started
with.

## Why it matters
Mail still goes through the old spool folder, and the old port still answers. Everything else of the edit is in force.

## Bad
```text
maild run          # and then, while it runs:
sed -i 's/9725/9726/' maild.yaml
```

## Good
```text
sed -i 's/9725/9726/' maild.yaml
systemctl restart maild
```

## See
- `maild status`: what waits for a restart
- the metric `maild_config_pending_restart`
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML908",
    name="restart-needed",
    severity=Severity.WARNING,
    summary="A setting was changed that the running daemon takes up at its next start only.",
)


def check(subject: Subject) -> Iterator[Finding]:  # noqa: ARG001 -- every rule is called alike
    """Nothing: what the daemon was started with is not in the file; the daemon reports in this rule's name."""
    yield from ()


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

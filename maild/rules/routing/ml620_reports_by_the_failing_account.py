"""Reports of failures go by the very account that fails.

## What it finds
`reports.to` is an address, and there is no `reports.maildir`.

## Why it matters
A report is mail like any other and leaves by the account of the message that it is about. When that account cannot
send, because its password has expired or its provider is down, the report waits together with the messages, and nobody
hears of it in the hour when it counts. The same is so for an Alertmanager that sends its mail through this account.

## Bad
```yaml
# maild.yaml
reports: {to: postmaster@inn.example}
```

## Good
```yaml
# maild.yaml
reports: {to: postmaster@inn.example, maildir: /var/mail/reports}
```

## See
- `configs/monitoring/alerts.yml`: alerts for Prometheus, with one that always fires, so that its silence tells that the
  way of all others is broken
- https://prometheus.io/docs/practices/alerting/#metamonitoring
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.config.report_settings import ReportTo
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML620",
    name="reports-by-the-failing-account",
    severity=Severity.WARNING,
    summary="Reports of failures go by the very account that fails.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """The address, where it is the only way."""
    site = subject.site
    if site is not None and not isinstance(site.reports.to, ReportTo) and site.reports.maildir is None:
        yield Finding(
            message="When an account cannot send, the reports of that go by it as well and wait with the messages.",
            place=AtValue(pointer=Pointer("/reports/to")),
            help="Add a `maildir` that gets them besides, or leave the alarm to Prometheus "
            "(`configs/monitoring/alerts.yml`) by a way that is not this mail, and then ignore ML620.",
        )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""Everybody can read the status of the mail.

## What it finds
`web.listen` on all addresses of the machine, or on a public one, without `web.config_file`.

## Why it matters
Without that file the page has no login. It shows account names, addresses' domains and what waits.

## Bad
```yaml
# maild.yaml
web: {listen: 0.0.0.0:9725}
```

## Good
```yaml
# maild.yaml
web: {listen: 127.0.0.1:9725}
# or, with TLS and a password in web.yml: {listen: 0.0.0.0:9725, config_file: web.yml}
```

## See
- https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md
- https://prometheus.io/docs/operating/security/
"""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML707",
    name="metrics-bind-public",
    severity=Severity.WARNING,
    summary="Everybody can read the status of the mail.",
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each address that is open to others."""
    if subject.site is None or subject.site.web.config_file is not None:
        return
    for index, address in enumerate(subject.site.web.listen):
        if not address.startswith("unix:") and _is_open(address.rpartition(":")[0].strip("[]")):
            written = subject.value(Pointer("/web/listen"))
            at = Pointer(f"/web/listen/{index}") if isinstance(written, list) else Pointer("/web/listen")
            yield Finding(
                message=f"{code(address)} can be reached from outside of this machine, and the page has no login.",
                place=AtValue(pointer=at),
                help="Listen on `127.0.0.1` or on a socket (`unix:/run/maild/web.sock`), or ask for a password by "
                "`web: {config_file: web.yml}`.",
            )


def _is_open(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_unspecified or address.is_global


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""A changed account was tried before it was used, and cannot send.

## What it finds
With `reload: {canary: true}` a running daemon tries each account whose server, username or password was changed, and
each new one, before it uses it: it connects, sets up TLS and logs in once, as a probe does; of an HTTP account it tries
no more than TLS, since every request would be an e-mail. This is said while that does not work, at the line that is
probably to blame; the words and the second code are the probe's.

## Why it matters
The version before the edit stays in force and goes on sending, so the edit has no effect yet. A new account is not used
at all until it works. It is tried again by itself, first after ten seconds, later every five minutes, and taken into
use as soon as it works; so a mistake on the provider's side needs no second edit.

A refused login is not repeated, since that gets accounts locked: it waits for another password or username, or for
somebody who runs `maild probe ACCOUNT --login` after the provider has mended it. When nothing can be told for about
five minutes, because the network or the name server is down, the edit is taken unproven: it may be what mends that.

What a try could not tell takes effect at once: a name, a limit, a comment, `enabled: false`. So does a new password in
the same file, of which there is no earlier version to go on with. At the daemon's start files are taken as they are,
unless an earlier version is kept that goes on sending meanwhile.

## Bad
```text
smtp: {host: smtp.example.com, port: 465}      # and the server is on 587
```

## Good
```text
smtp: {host: smtp.example.com, port: 587}
```

## See
- `maild status`: which files are being tried, and when the next try is
- `systemctl reload maild`: tries them now
- the metric `maild_config_canary_files`
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

INFO: Final = RuleInfo(
    code="ML909",
    name="canary-failed",
    severity=Severity.ERROR,
    summary="A changed account was tried before it was used, and cannot send.",
    is_fixed=True,
)


def check(subject: Subject) -> Iterator[Finding]:  # noqa: ARG001 -- every rule is called alike
    """Nothing: whether an account works is not in its file; the daemon reports in this rule's name."""
    yield from ()


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

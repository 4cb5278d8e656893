"""A refused login is to be repeated, which locks accounts.

## What it finds
Keys such as `retry_on_auth_failure`, which other programs have. maild has none.

## Why it matters
A password that was refused is refused again. Providers count the refusals and lock the account, or the whole address of
the site; then mail stands still although the password is right again. After a refused login maild leaves the account
alone, and tries once more when its password has changed, or after a pause that grows.

## Bad
```yaml
# maild.yaml
delivery: {retry_on_auth_failure: true}
```

## Good
```yaml
# maild.yaml
delivery: {lifetime: 2d}
```

## See
- `maild explain ML703`: probes that log in too often
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import UnknownKey
from maild.diagnostics import Severity
from maild.rules.finding import AtKey, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.spelling import fold
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML613",
    name="retry-on-auth-failure",
    severity=Severity.ERROR,
    summary="A refused login is to be repeated, which locks accounts.",
    is_fixed=True,
)


_WORDS: Final = """retry_on_auth_failure retry_auth retry_on_auth_error auth_retry auth_retries retry_login
    login_retries login_retry retry_on_login_failure retry_authentication max_auth_retries max_login_attempts
    auth_attempts retry_on_auth retry_auth_failures"""
_FOLDED: Final = frozenset(map(fold, _WORDS.split()))


def is_about_logins(key: str) -> bool:
    """Whether a key of this name would repeat refused logins."""
    return fold(key) in _FOLDED


def check(subject: Subject) -> Iterator[Finding]:
    """Each such key."""
    for fault in subject.faults(UnknownKey):
        if is_about_logins(fault.key):
            yield Finding(
                message=f"maild has no key {code(fault.key)}: a login that was refused is not repeated, because "
                "providers lock accounts that try again and again.",
                place=AtKey(pointer=fault.pointer),
                help="Delete the line. Messages wait meanwhile; the account is tried again when its password changes.",
            )


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""A pattern that no address matches.

## What it finds
Patterns for senders and recipients with a blank, with two `@`, or with neither an `@` nor a `*`.

## Why it matters
The route never matches, and mail goes another way than it was meant to.

## Bad
```yaml
# maild.yaml
default_account: billing
routes: [{match: {to: "shop.example"}, accounts: [shop]}]
```

## Good
```yaml
# maild.yaml
default_account: billing
routes: [{match: {to: "*@shop.example"}, accounts: [shop]}]
```

## See
- `maild schema maild`: how patterns match
"""

from collections.abc import Iterator
from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.rules.finding import AtValue, Finding
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML607",
    name="recipient-domain-invalid",
    severity=Severity.ERROR,
    summary="A pattern that no address matches.",
)

_NO_AT: Final = "an address has an @"


def check(subject: Subject) -> Iterator[Finding]:
    """Each such pattern."""
    routes = () if subject.site is None else subject.site.routes
    for index, route in enumerate(routes):
        for key, pattern in (("from", route.match.sender), ("to", route.match.recipient)):
            problem = None if pattern is None else _problem(pattern)
            if pattern is not None and problem is not None:
                yield Finding(
                    message=f"No address matches this: {problem}.",
                    place=AtValue(pointer=Pointer(f"/routes/{index}/match/{key}")),
                    help=_help(pattern, problem),
                )


def _problem(pattern: str) -> str | None:
    if any(char.isspace() for char in pattern):
        return "addresses have no blanks"
    if pattern.count("@") > 1 and '"' not in pattern:
        return "an address has one @"
    if pattern.startswith("@"):
        return "before the @ stands a name, or a star for every name"
    if pattern.startswith(".") or "\\" in pattern:
        return "this is a regular expression, and here a star alone stands for anything"
    return _NO_AT if "@" not in pattern and not set("*?[") & set(pattern) else None


def _help(pattern: str, problem: str) -> str:
    if problem == _NO_AT:
        return f"Write {code(f'*@{pattern}')}."
    bare = pattern.replace("\\", "").replace(".*", "*").strip("^$")
    meant = f"*{bare}" if bare.startswith("@") else bare
    return f"Write {code(meant)}." if meant != pattern and _problem(meant) is None else ""


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

"""The lint settings or an ignore comment name a rule that does not exist.

## What it finds
Words in `lint.severity` and `lint.ignore` of maild.yaml, and in comments `# maild: ignore ML301`, that are no rule's
code and no rule's name; also comments that name none, or that are such ones misspelt.

## Why it matters
The setting has no effect: what should be ignored is reported, or the other way round.

## Bad
```yaml
# maild.yaml
lint: {ignore: [ML300]}
```

## Good
```yaml
# maild.yaml
lint: {ignore: [ML301]}
```

## See
- `maild rules`: every rule
"""

from collections.abc import Iterator
from typing import Final

from maild.diagnostics import Severity
from maild.rules.finding import AtSpan, Finding, WholeFile
from maild.rules.ignore import find_ignores
from maild.rules.info import RuleInfo
from maild.rules.pointing import with_parents
from maild.rules.rule import Rule
from maild.rules.settings import named_rules
from maild.rules.spelling import nearest
from maild.rules.subject import Subject
from maild.rules.unsettled import unsettled_places
from maild.rules.words import code

INFO: Final = RuleInfo(
    code="ML904",
    name="unknown-rule",
    severity=Severity.ERROR,
    summary="The lint settings or an ignore comment name a rule that does not exist.",
)

_HELP: Final = "`maild rules` lists every rule with its code."


def check(subject: Subject) -> Iterator[Finding]:
    """Each word that is no rule's, and each comment that can do nothing; a comment alone must not stop mail."""
    unsettled = unsettled_places(subject)
    for word, rule, place in named_rules(subject):
        # Of a text that cannot be a code another rule speaks, which nothing can weaken.
        around = () if isinstance(place, AtSpan | WholeFile) else with_parents(place.pointer)
        if rule is None and unsettled.isdisjoint(around):
            meant = _meant(subject, word)
            yield Finding(
                message=f"There is no rule {code(word)}, so this has no effect.",
                place=place,
                severity=Severity.WARNING if isinstance(place, AtSpan) else None,
                help=f"Did you mean {code(meant)}? `maild rules` lists every rule." if meant else _HELP,
            )
    for ignore in find_ignores(subject.loaded.document):
        if not ignore.is_meant:
            yield Finding(
                message=f"{code(ignore.verb)} is no word that maild knows in a comment, so this comment has no effect.",
                place=AtSpan(span=ignore.verb_span),
                severity=Severity.WARNING,
                help="Write `# maild: ignore ML301 -- reason`, or `ignore-file` for the whole file.",
            )
        elif not ignore.rules:
            yield Finding(
                message="This comment names no rule, so it ignores nothing.",
                place=AtSpan(span=ignore.span),
                severity=Severity.WARNING,
                help="Write the codes of what is to be ignored: `# maild: ignore ML301 -- reason`.",
            )


def _meant(subject: Subject, word: str) -> str | None:
    """The code or the name that is near; whoever writes one of the two has not mistyped the other."""
    if word[:2].upper() == "ML":
        return nearest(word.upper(), subject.rules)
    return nearest(word.lower(), (info.name for info in subject.rules.values()))


RULE: Final = Rule(info=INFO, check=check, documentation=__doc__ or "")

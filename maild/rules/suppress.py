"""Takes away the findings that comments say are meant to be there, and tells which comments took none away. Pure."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from maild.diagnostics import Diagnostic
from maild.rules.finding import Finding
from maild.rules.ignore import Ignore, IgnoredRule, find_ignores
from maild.rules.info import RuleInfo
from maild.rules.settings import named_rule
from maild.rules.subject import Subject
from maild.rules.tool.ml901_unused_ignore import INFO as UNUSED
from maild.rules.tool.ml901_unused_ignore import unused_finding

Diagnose: TypeAlias = Callable[[RuleInfo, Finding], Diagnostic | None]


def without_ignored(found: Iterable[Diagnostic], subject: Subject, diagnose: Diagnose) -> Iterator[Diagnostic]:
    """The findings without those that a comment in force covers, and with those about comments that cover none.

    A fixed rule is not ignored by anything; another rule says so of its comment. A rule that looks further than at its
    file may find something on another machine, so its comment is never called unused.
    """
    ignores = find_ignores(subject.loaded.document)
    named: dict[str, list[tuple[Ignore, IgnoredRule]]] = {}
    for ignore in ignores:
        if ignore.holds(subject.now.date()):
            for rule in ignore.rules:
                info = named_rule(rule.text, subject)
                if info is not None and not info.is_fixed:
                    named.setdefault(info.code, []).append((ignore, rule))
    used: set[tuple[Ignore, IgnoredRule]] = set()
    for diagnostic in found:
        pointer = None if diagnostic.location is None else diagnostic.location.pointer
        covering = [one for one in named.get(diagnostic.code, ()) if one[0].covers(pointer)]
        used.update(covering)
        if not covering or diagnostic.is_fixed:
            yield diagnostic
    yield from _unused(subject, diagnose, [one for ones in named.values() for one in ones if one not in used])


def _unused(subject: Subject, diagnose: Diagnose, unused: Iterable[tuple[Ignore, IgnoredRule]]) -> Iterator[Diagnostic]:
    document = subject.loaded.document
    for ignore, rule in unused:
        info = named_rule(rule.text, subject)
        if document is not None and info is not None and not info.looks_around:
            diagnostic = diagnose(UNUSED, unused_finding(ignore, rule, document))
            if diagnostic is not None:
                yield diagnostic

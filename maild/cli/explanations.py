"""The explanation of every code there is: of the rules about files, and of what probes and the daemon find. Pure.

One place for `maild explain`, `maild rules`, the formats of `maild check` that carry documentation, and the language
server, so that they cannot tell different things.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from maild.diagnostics.explanation import Explanation
from maild.probe.findings import LIVE_FINDINGS, LiveFinding
from maild.rules.catalogue import RULES, find_rule
from maild.rules.documentation import read_documentation
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule


def find_explanation(word: str) -> Explanation | None:
    """That of a code or a name, in whatever case; None when there is none."""
    rule = find_rule(word)
    if rule is not None:
        return _of_rule(rule)
    known = (one for one in LIVE_FINDINGS if word.upper() == one.code or word.lower() == one.name)
    return next((_of_live(one) for one in known), None)


def all_explanations() -> list[Explanation]:
    """Every one, in the order of their codes."""
    every = [*map(_of_rule, RULES), *map(_of_live, LIVE_FINDINGS)]
    return sorted(every, key=lambda one: one.code)


def explanations_of(codes: Iterable[str]) -> Mapping[str, Explanation]:
    """Those of these codes, by code."""
    return {code: one for code in sorted(set(codes)) if (one := find_explanation(code)) is not None}


def _of_rule(rule: Rule) -> Explanation:
    return replace(_of(rule.info, rule.documentation), is_fixed=rule.info.is_fixed)


def _of_live(found: LiveFinding) -> Explanation:
    return replace(_of(found, found.documentation), is_live=True)


def _of(named: RuleInfo | LiveFinding, text: str) -> Explanation:
    documentation = read_documentation(text)
    return Explanation(
        code=named.code,
        name=named.name,
        severity=named.severity,
        summary=documentation.summary,
        sections=documentation.sections,
    )

"""A rule: its identity, its documentation and the function that finds things. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from maild.rules.finding import Finding
from maild.rules.info import RuleInfo
from maild.rules.subject import Subject

Check: TypeAlias = Callable[[Subject], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Attributes:
        info: its identity.
        check: looks at one file and says what it finds.
        documentation: the module's docstring, with the fixed headings that `documentation` reads.
    """

    info: RuleInfo
    check: Check
    documentation: str

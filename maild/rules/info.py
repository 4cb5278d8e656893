"""The identity of a rule, apart from what it does. Pure."""

from dataclasses import dataclass

from maild.config.fault import Fault
from maild.diagnostics import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInfo:
    """The identity of a rule.

    Attributes:
        code: `ML` and three digits; the first digit is the family. Never reused, never renumbered.
        name: reads well after "allow"; accepted by `maild explain` as the code is.
        severity: unless the site says otherwise.
        summary: one line for the catalogue.
        faults: what the parser and the builder report through this rule.
        is_fixed: whether the site's settings cannot weaken it. So it is where the file cannot be used at all, or must
            not be: hiding the message would leave an account that silently does not send.
        looks_around: whether what it finds depends on more than the file: on other files, or on the machine.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    faults: tuple[type[Fault], ...] = ()
    is_fixed: bool = False
    looks_around: bool = False

"""How a site says that it wants to hear nothing of a rule: not by a severity. Pure."""

from typing import Final

from maild.config.fault import Pointer
from maild.rules.pointing import key_of
from maild.rules.words import code

SEVERITIES: Final = frozenset({"/lint/severity", "/lint/paths/*/severity"})
"""Where rules have severities; the keys are their codes."""


def switch_off(pointer: Pointer) -> str:
    """What to write instead of a severity that means none."""
    return f"To hear nothing of it delete the line, and write {code(f'ignore: [{key_of(pointer)}]')} beside `severity`."

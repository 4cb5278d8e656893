"""The list of checks, in reading order. A new one is its file, its line here and its tests."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from maild.config.model import Account
from maild.probe import http, mx, smtp
from maild.probe.result import CheckResult
from maild.probe.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: its name, which accounts it is about, and how it is run."""

    name: str
    applies: Callable[[Account], bool]
    run: Callable[[Subject], Awaitable[CheckResult]]


OWN_CHECKS: Final = (
    Check(name=smtp.NAME, applies=smtp.applies, run=smtp.check),
    Check(name=http.NAME, applies=http.applies, run=http.check),
)
"""Those of the account's own server or service; one of them is about every account."""

OTHER_CHECKS: Final = (Check(name=mx.NAME, applies=mx.applies, run=mx.check),)

CHECKS: Final = (*OWN_CHECKS, *OTHER_CHECKS)

"""The daemon's checks of DNS: once an hour an account, since records change seldom and questions cost.

Shell. Between two looks the last one counts. What could not be told is looked at again with the account's next probe,
and meanwhile says what it came to when it could last be told.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from maild.config.model import Account
from maild.probe.catalogue import DNS_CHECKS
from maild.probe.dns.view import DnsView
from maild.probe.result import CheckResult, CheckVerdict, Told
from maild.probe.runner import run_checks
from maild.probe.subject import Subject

INTERVAL_S: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    account: Account
    view: DnsView
    until_s: float
    checks: tuple[CheckResult, ...]


class RecordWatch:
    """Used on one event loop; `view` gives how DNS is seen by the settings in force, None: not at all."""

    def __init__(self, view: Callable[[], DnsView | None]) -> None:
        self._view: Final = view
        self._looks: dict[str, _Look] = {}

    async def look(self, subject: Subject) -> tuple[CheckResult, ...]:
        """What DNS says of this account, now or within the last hour."""
        view, account = self._view(), subject.account
        if view is None:
            return ()
        loop = asyncio.get_running_loop()
        before = self._looks.get(account.name)
        is_same = before is not None and before.account == account
        if before is not None and is_same and before.view is view and loop.time() < before.until_s:
            return before.checks
        began_at = subject.clock.now()
        result = await run_checks(replace(subject, dns=view), DNS_CHECKS)
        known = {check.check: check for check in before.checks} if before is not None and is_same else {}
        checks = tuple(_remember(check, known.get(check.check), began_at) for check in result.checks)
        is_told = all(check.verdict is not CheckVerdict.INDETERMINATE for check in checks)
        until_s = loop.time() + (INTERVAL_S if is_told else 0.0)
        self._looks[account.name] = _Look(account=account, view=view, until_s=until_s, checks=checks)
        return checks

    def forget(self, accounts: Iterable[str]) -> None:
        """These are no more."""
        for name in accounts:
            self._looks.pop(name, None)


def _remember(check: CheckResult, before: CheckResult | None, at: datetime) -> CheckResult:
    if check.verdict is not CheckVerdict.INDETERMINATE:
        return replace(check, told=Told(verdict=check.verdict, at=at))
    return replace(check, told=before.told) if before is not None else check

"""Beside what a check comes to now, what it came to when it could last be told: by this run, or by an earlier one.

Shell code around `verdict_memory`. Indeterminate never overwrites what is known. The disk is asked when something
cannot be told and this run does not know it; it is written when a verdict changes and otherwise now and then, so that
after a restart the age of what is known is right within `REFRESH`.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from maild.config.model import Account
from maild.probe.result import CheckResult, CheckVerdict, ProbeResult, Told
from maild.probe.verdict_memory import VerdictMemory

REFRESH: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """`kept_at`: when that was written, with these verdicts."""

    account: Account
    told: Mapping[str, Told]
    kept_at: datetime


class KnownVerdicts:
    """Used on one event loop."""

    def __init__(self, memory: VerdictMemory) -> None:
        self._memory: Final = memory
        self._known: Final[dict[str, _Known]] = {}

    async def complete(self, account: Account, result: ProbeResult) -> ProbeResult:
        """The result with what each of its checks came to when it could last be told; that is remembered."""
        before = self._known.get(account.name)
        if before is not None and before.account != account:
            before = None
        told = {} if before is None else before.told
        if before is None and any(_is_open(check) for check in result.checks):
            told = await asyncio.to_thread(self._memory.recall, account)
        checks = tuple(_with_told(check, told.get(check.check), result.started_at) for check in result.checks)
        known = {**told, **{check.check: check.told for check in checks if check.told is not None}}
        if before is None or _is_news(known, before, result.started_at):
            self._known[account.name] = _Known(account=account, told=known, kept_at=result.started_at)
            await asyncio.to_thread(self._memory.keep, account, known, now=result.started_at)
        else:
            self._known[account.name] = replace(before, told=known)
        return replace(result, checks=checks)

    def forget(self, accounts: Iterable[str]) -> None:
        """These are no more, or others; what is on disk says itself of whom it is."""
        for name in accounts:
            self._known.pop(name, None)


def _is_open(check: CheckResult) -> bool:
    return check.verdict is CheckVerdict.INDETERMINATE and check.told is None


def _with_told(check: CheckResult, known: Told | None, at: datetime) -> CheckResult:
    if check.told is not None:
        return check  # it was looked at earlier
    if check.verdict is CheckVerdict.INDETERMINATE:
        return replace(check, told=known)
    return replace(check, told=Told(verdict=check.verdict, at=at))


def _is_news(known: Mapping[str, Told], before: _Known, now: datetime) -> bool:
    verdicts = {check: one.verdict for check, one in known.items()}
    return verdicts != {check: one.verdict for check, one in before.told.items()} or now - before.kept_at >= REFRESH

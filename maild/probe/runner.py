"""Runs the checks of one account, side by side, into one result."""

import asyncio
from collections.abc import Sequence

from maild.probe.catalogue import CHECKS, DNS_CHECKS, Check
from maild.probe.findings.server import LOCAL_FAILURE
from maild.probe.result import CheckResult, CheckVerdict, ProbeResult
from maild.probe.subject import Subject


async def run_checks(subject: Subject, checks: Sequence[Check] = CHECKS) -> ProbeResult:
    """Every check that is about this account, once; those of DNS only with a view of it."""
    loop = asyncio.get_running_loop()
    began_at, began_s = subject.clock.now(), loop.time()
    possible = checks if subject.dns is not None else [check for check in checks if check not in DNS_CHECKS]
    wanted = [check for check in possible if check.applies(subject.account)]
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(_run(check, subject)) for check in wanted]
    return ProbeResult(
        account=subject.account.name,
        started_at=began_at,
        seconds=loop.time() - began_s,
        checks=tuple(task.result() for task in running),
    )


async def _run(check: Check, subject: Subject) -> CheckResult:
    try:
        return await check.run(subject)
    except Exception as error:  # noqa: BLE001 -- a bug in one check becomes its finding, and the rest go on
        message = f"The check {check.name} ended by a bug of maild ({type(error).__name__}); please report it."
        return CheckResult(
            check=check.name,
            verdict=CheckVerdict.INDETERMINATE,
            summary="the check itself failed",
            diagnostics=(LOCAL_FAILURE.diagnostic(message),),
        )

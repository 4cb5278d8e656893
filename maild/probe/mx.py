"""The check `mx`: whether answers and bounces to the sender's address have somewhere to go.

It is about the domain of the sender, never about the provider's server: who submits to smtp.gmail.com needs no MX of
gmail.com. Asks DNS and connects to nobody. `maild.records.mx` judges; a name server that does not answer makes it
indeterminate.
"""

import asyncio
from collections.abc import Mapping
from typing import Final, assert_never

from maild.config.fault import Pointer
from maild.config.model import Account
from maild.diagnostics import Severity
from maild.net.resolver import NoRecords, NoSuchName, Records, Resolver, Unanswered
from maild.probe.mx_words import diagnose
from maild.probe.result import CheckResult, CheckVerdict
from maild.probe.subject import Subject
from maild.records.mx import (
    DomainAbsent,
    HostAnswer,
    HostFound,
    HostUnanswered,
    HostWithoutAddress,
    MxAbsent,
    MxAnswer,
    MxFound,
    MxJudgement,
    MxRecord,
    MxSelection,
    MxUnanswered,
    NullMx,
    Reception,
    judge,
    select,
)

NAME: Final = "mx"
DEADLINE_S: Final = 30.0

MAX_HOSTS: Final = 10
"""More mail hosts than that are looked at by nobody; each costs two questions."""


def applies(account: Account) -> bool:
    """Every account has a sender."""
    del account
    return True


async def check(subject: Subject) -> CheckResult:
    """Ask and judge."""
    domain = subject.account.sender.domain
    if domain.startswith("[") or domain == "localhost":
        return CheckResult(
            check=NAME,
            verdict=CheckVerdict.NOT_APPLICABLE,
            summary=f"the sender's domain {domain} is in no DNS",
        )
    deadline_s = min(DEADLINE_S, subject.settings.timeout.total_seconds())
    try:
        async with asyncio.timeout(deadline_s):
            selection = select(domain, await _ask_mx(subject.resolver, domain))
            judgement = judge(selection, await _ask_hosts(subject.resolver, selection))
    except TimeoutError:
        silence = MxUnanswered(detail=f"not all answers came within {deadline_s:g} seconds")
        judgement = judge(select(domain, silence), {})
    return _result(subject, domain, judgement)


async def _ask_mx(resolver: Resolver, domain: str) -> MxAnswer:
    answer = await resolver.lookup(domain, "MX")
    match answer:
        case Records(values=values):
            return MxFound(records=tuple(_parse(value) for value in values))
        case NoRecords(canonical_name=name):
            return MxAbsent(name=name)
        case NoSuchName():
            return DomainAbsent()
        case Unanswered(reason=reason):
            return MxUnanswered(detail=reason)
        case _:
            assert_never(answer)


def _parse(value: str) -> MxRecord:
    preference, _, exchange = value.partition(" ")
    return MxRecord(preference=int(preference), exchange=exchange.strip().lower().removesuffix("."))


async def _ask_hosts(resolver: Resolver, selection: MxSelection) -> Mapping[str, HostAnswer]:
    asked = selection.hosts[:MAX_HOSTS]
    answers: dict[str, HostAnswer] = dict.fromkeys(
        selection.hosts, HostUnanswered(detail=f"not asked, it is beyond the first {MAX_HOSTS} hosts")
    )
    async with asyncio.TaskGroup() as tasks:
        running = {host: tasks.create_task(_ask_host(resolver, host)) for host in asked}
    return answers | {host: task.result() for host, task in running.items()}


async def _ask_host(resolver: Resolver, host: str) -> HostAnswer:
    answers = await asyncio.gather(resolver.lookup(host, "A"), resolver.lookup(host, "AAAA"))
    found = [answer for answer in answers if isinstance(answer, Records)]
    if found:
        name = found[0].canonical_name
        return HostFound(
            addresses=tuple(value for answer in found for value in answer.values),
            alias_of=None if name.lower() == host else name,
        )
    silent = [answer for answer in answers if isinstance(answer, Unanswered)]
    return HostUnanswered(detail=silent[0].reason) if silent else HostWithoutAddress()


def _result(subject: Subject, domain: str, judgement: MxJudgement) -> CheckResult:
    location = subject.location((Pointer("/email"), Pointer("/username"), Pointer("/reply_to")))
    diagnostics = tuple(diagnose(problem, domain, location) for problem in judgement.problems)
    is_flawed = any(diagnostic.severity.rank <= Severity.WARNING.rank for diagnostic in diagnostics)
    match judgement.reception:
        case Reception.OPEN:
            verdict = CheckVerdict.WARN if is_flawed else CheckVerdict.PASS
            summary = f"{domain} takes mail at {', '.join(judgement.usable)}"
        case Reception.DEGRADED:
            verdict = CheckVerdict.WARN
            summary = f"{domain} takes mail at {', '.join(judgement.usable)}, not at its other hosts"
        case Reception.CLOSED:
            # A null MX is a decision that somebody took; the rest are mistakes.
            is_meant = any(isinstance(problem, NullMx) for problem in judgement.problems)
            verdict = CheckVerdict.WARN if is_meant else CheckVerdict.FAIL
            summary = f"{domain} cannot take mail"
        case Reception.UNKNOWN:
            verdict = CheckVerdict.INDETERMINATE
            summary = f"whether {domain} can take mail could not be told"
        case _:
            assert_never(judgement.reception)
    return CheckResult(check=NAME, verdict=verdict, summary=summary, diagnostics=diagnostics)

"""The check `http`: whether the account's mail service is there.

Resolve, connect, TLS with a verified certificate, and then a HEAD without credentials: a form service has no request
that is harmless and tells more. It takes POST alone and every POST is an e-mail. HEAD may be answered in any way by a
service that works, so any answer will do; none, or that of a gateway which misses the service behind it, is a warning
and holds no mail back. Whether a message would be taken shows only when one is sent; the result's summary says so.
RFC 9110 §9.3.2, §15.6.
"""

import asyncio
import contextlib
from dataclasses import replace
from typing import Final, TypeAlias

from maild.config.mail_service import service_url
from maild.config.model import Account, HttpSettings
from maild.diagnostics import Diagnostic
from maild.mail.phase import Phase
from maild.net.http import HttpClient, HttpRequest, Trust
from maild.net.narrator import Narrator
from maild.net.step import NetError, Reason, Step
from maild.probe.blame import Target
from maild.probe.conversation import Judged, expiry_diagnostic, facts_of, is_expiring, phases_of
from maild.probe.findings.server import SERVICE_DOUBTFUL
from maild.probe.owner import Owner
from maild.probe.password import fetch_key
from maild.probe.result import CertificateFacts, CheckResult, CheckVerdict
from maild.probe.subject import Subject

NAME: Final = "http"
_Warning: TypeAlias = tuple[Phase, Diagnostic]
_GATEWAY_STATUSES: Final = frozenset({502, 503, 504})


def applies(account: Account) -> bool:
    """Whether the account sends by HTTP."""
    return isinstance(account.transport, HttpSettings)


async def check(subject: Subject) -> CheckResult:
    """Go as far as one can without sending. Raises nothing for what service or network do."""
    settings = subject.account.transport
    assert isinstance(settings, HttpSettings)
    target = Target.of(subject.account)
    timeout_s = subject.timeouts.connect_s if settings.timeout is None else settings.timeout.total_seconds()
    deadline_s = subject.settings.timeout.total_seconds()
    steps: list[Step] = []
    client = HttpClient(subject.resolver, subject.clock)
    try:
        async with asyncio.timeout(deadline_s):
            # A token is renewed by this before it ends, and one that is not to be had is known before a message comes.
            await fetch_key(subject.account, subject.folder, subject.keys, Narrator(steps.append))
            trust = Trust.of(settings, subject.folder)
            certificate = await client.shake_hands(
                service_url(settings), trust=trust, listener=steps.append, timeout_s=timeout_s
            )
            request = HttpRequest(url=service_url(settings), method="HEAD")
            doubt = await _ask(client, request, trust, steps, timeout_s=timeout_s)
    except NetError as error:
        return _failed(subject, Judged.of(error, target), steps)
    except TimeoutError:
        phase = Phase.CONNECT if steps else Phase.RESOLVE
        detail = f"the service was not reached within {deadline_s:g} seconds"
        return _failed(subject, Judged.of(NetError(phase, Reason.TIMEOUT, detail), target), steps)
    finally:
        await client.close()
    return _passed(subject, None if certificate is None else facts_of(certificate), steps, doubt)


async def _ask(
    client: HttpClient, request: HttpRequest, trust: Trust, steps: list[Step], *, timeout_s: float
) -> str | None:
    """What is strange about the answer, None: nothing. The way there is told already; only the last step is kept."""
    told: list[Step] = []
    with contextlib.suppress(NetError):
        answer = await client.send(request, trust=trust, listener=told.append, timeout_s=timeout_s)
        steps.extend(told[-1:])
        return f"status {answer.status}" if answer.status in _GATEWAY_STATUSES else None
    error = told[-1].error if told else None
    detail = "no answer" if error is None else error.detail
    steps.append(Step(phase=Phase.REQUEST, seconds=sum(step.seconds for step in told), detail=detail))
    return detail


def _failed(subject: Subject, judged: Judged, steps: list[Step]) -> CheckResult:
    found = judged.blame.finding.diagnostic(
        judged.message, help_=judged.blame.fix, location=subject.location(judged.pointers)
    )
    return CheckResult(
        check=NAME,
        verdict=judged.verdict,
        summary=judged.blame.cause,
        phases=phases_of(steps, judged),
        certificate=judged.certificate,
        diagnostics=(found,),
        owner=judged.blame.owner,
        reason=judged.error.reason,
    )


def _passed(
    subject: Subject, certificate: CertificateFacts | None, steps: list[Step], doubt: str | None
) -> CheckResult:
    now, host = subject.clock.now(), Target.of(subject.account).host
    warnings: list[_Warning] = []
    if certificate is not None and is_expiring(certificate, now=now):
        warnings.append((Phase.CERTIFICATE, expiry_diagnostic(certificate, host=host, now=now, location=None)))
    if doubt is not None:
        message = f"{host} was reached and did not answer a request as a service would: {doubt}."
        warnings.append((Phase.REQUEST, SERVICE_DOUBTFUL.diagnostic(message, help_=SERVICE_DOUBTFUL.mend)))
    marked = {phase for phase, _ in warnings}
    return CheckResult(
        check=NAME,
        verdict=CheckVerdict.WARN if warnings else CheckVerdict.PASS,
        summary="the service is there; whether it takes a message shows only when one is sent",
        phases=tuple(
            replace(phase, verdict=CheckVerdict.WARN) if phase.phase in marked else phase
            for phase in phases_of(steps, None)
        ),
        certificate=certificate,
        diagnostics=tuple(diagnostic for _, diagnostic in warnings),
        owner=Owner.PROVIDER if warnings else None,
    )

"""The check `http`: whether the account's mail service is there.

Resolve, connect, TLS with a verified certificate, and then it hangs up: a form service has no harmless request. It
takes POST alone, every POST is an e-mail, and HEAD or OPTIONS may be answered in any way by a service that works. So
whether the service would take a message is not known before one is sent; the result's summary says so.
"""

import asyncio
from typing import Final

from maild.config.mail_service import service_url
from maild.config.model import Account, HttpSettings
from maild.mail.phase import Phase
from maild.net.http import HttpClient, Trust
from maild.net.narrator import Narrator
from maild.net.step import NetError, Reason, Step
from maild.probe.blame import Target
from maild.probe.conversation import Judged, expiry_diagnostic, facts_of, is_expiring, phases_of
from maild.probe.password import fetch_key
from maild.probe.result import CertificateFacts, CheckResult, CheckVerdict
from maild.probe.subject import Subject

NAME: Final = "http"


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
            certificate = await client.shake_hands(
                service_url(settings),
                trust=Trust.of(settings, subject.folder),
                listener=steps.append,
                timeout_s=timeout_s,
            )
    except NetError as error:
        return _failed(subject, Judged.of(error, target), steps)
    except TimeoutError:
        phase = Phase.CONNECT if steps else Phase.RESOLVE
        detail = f"the service was not reached within {deadline_s:g} seconds"
        return _failed(subject, Judged.of(NetError(phase, Reason.TIMEOUT, detail), target), steps)
    return _passed(subject, None if certificate is None else facts_of(certificate), steps)


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
    )


def _passed(subject: Subject, certificate: CertificateFacts | None, steps: list[Step]) -> CheckResult:
    now = subject.clock.now()
    is_ending = certificate is not None and is_expiring(certificate, now=now)
    host = Target.of(subject.account).host
    return CheckResult(
        check=NAME,
        verdict=CheckVerdict.WARN if is_ending else CheckVerdict.PASS,
        summary="the service is there; whether it takes a message shows only when one is sent",
        phases=phases_of(steps, None),
        certificate=certificate,
        diagnostics=(
            (expiry_diagnostic(certificate, host=host, now=now, location=None),)
            if certificate is not None and is_ending
            else ()
        ),
    )

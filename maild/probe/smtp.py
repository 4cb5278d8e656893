"""The check `smtp`: whether the account's server would take a message from it now.

Everything that a delivery does up to MAIL, through the same code, and a QUIT at its end; no message, no recipient.
Phases: secret, then those of `open_session`, then quit. One deadline over all of it, since a server that drips its
answers byte by byte keeps every single time-out at bay. The login is tried as `login_policy` allows.
"""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Final

from maild.config.model import Account, SmtpSettings, TlsMode
from maild.diagnostics import Diagnostic
from maild.mail.phase import Phase
from maild.net.channel_binding import ChannelBinding
from maild.net.narrator import Narrator
from maild.net.sasl import choose_mechanism
from maild.net.smtp import SmtpServer, SmtpSession, open_session
from maild.net.step import NetError, Reason, Step
from maild.probe.blame import Target
from maild.probe.conversation import Judged, expiry_diagnostic, facts_of, is_expiring, phases_of
from maild.probe.login_gate import LoginGate
from maild.probe.login_memory import Credential
from maild.probe.password import fetch_key
from maild.probe.result import CertificateFacts, CheckResult, CheckVerdict, PhaseResult
from maild.probe.subject import Subject

NAME: Final = "smtp"


def applies(account: Account) -> bool:
    """Whether the account sends by SMTP."""
    return isinstance(account.transport, SmtpSettings)


async def check(subject: Subject) -> CheckResult:
    """Hold the conversation and judge it. Raises nothing for what server, network or account do."""
    steps: list[Step] = []
    probe = _Probe(subject, Narrator(steps.append), steps)
    error = await probe.run()
    return probe.failed(error) if error is not None else probe.passed()


class _Probe:
    """One conversation and what it taught."""

    def __init__(self, subject: Subject, narrator: Narrator, steps: list[Step]) -> None:
        assert isinstance(subject.account.transport, SmtpSettings)
        self._subject = subject
        self._settings = subject.account.transport
        self._narrator = narrator
        self._steps = steps
        self._gate: LoginGate | None = None
        self._certificate: CertificateFacts | None = None

    async def run(self) -> NetError | None:
        """The whole of it; returns what stopped it."""
        error: NetError | None = None
        deadline_s = self._subject.settings.timeout.total_seconds()
        try:
            async with asyncio.timeout(deadline_s):
                await self._converse()
        except NetError as failure:
            error = failure
        except TimeoutError:
            detail = f"the conversation was not done within {deadline_s:g} seconds"
            error = NetError(self._next_phase(), Reason.TIMEOUT, detail)
        if self._gate is not None:
            await self._gate.close(error)
        return error

    async def _converse(self) -> None:
        subject = self._subject
        key = await fetch_key(subject.account, subject.folder, subject.keys, self._narrator)
        server = SmtpServer.of(
            self._settings,
            username=subject.account.username,
            password=None if key is None else key.secret,
            folder=subject.folder,
            has_token=subject.account.oauth is not None,
        )
        secret = None if key is None else key.identity
        credential = Credential(host=server.host, user=server.username or "", secret=secret, way=subject.way)
        session = await open_session(
            server,
            subject.resolver,
            listener=self._steps.append,
            login=partial(self._ask, credential),
            timeouts=subject.timeouts,
        )
        try:
            self._learn(session, server)
        finally:
            with self._narrator.phase(Phase.QUIT):
                await session.quit()

    async def _ask(self, credential: Credential) -> bool:
        """Whether to log in, now that it has come so far: what is not reached need not be remembered as begun."""
        self._gate = await LoginGate.open(self._subject, credential)
        return self._gate.may_log_in

    def _learn(self, session: SmtpSession, server: SmtpServer) -> None:
        if session.certificate is not None:
            self._certificate = facts_of(session.certificate)
        # Not offering the mechanism any more is seen without a login, too.
        is_skipped = self._gate is not None and not self._gate.may_log_in
        binding = ChannelBinding.of(session.facts.peer)
        offer = session.capabilities.mechanisms
        if is_skipped and choose_mechanism(server.auth, offer, binding, has_token=server.has_token) is None:
            offered = ", ".join(session.capabilities.mechanisms).lower() or "none"
            raise NetError(Phase.AUTH, Reason.NO_MECHANISM, f"offered are: {offered}")

    def _next_phase(self) -> Phase:
        """The phase that was under way: the one after the last that ended."""
        if not self._steps:
            account = self._subject.account
            return Phase.RESOLVE if account.password is None and account.oauth is None else Phase.SECRET
        mode = self._settings.tls.mode
        last = self._steps[-1].phase
        greetings = sum(1 for step in self._steps if step.phase is Phase.EHLO)
        # With STARTTLS there is one EHLO before it and one after it; the login comes after the last one.
        if last is Phase.EHLO and greetings == (2 if mode is TlsMode.STARTTLS else 1):
            return Phase.AUTH
        if last is Phase.CERTIFICATE:
            return Phase.BANNER if mode is TlsMode.IMPLICIT else Phase.EHLO
        order = list(Phase)
        return order[min(order.index(last) + 1, order.index(Phase.AUTH))]

    def failed(self, error: NetError) -> CheckResult:
        """The result of a conversation that was stopped."""
        judged = Judged.of(error, Target.of(self._subject.account))
        found = judged.blame.finding.diagnostic(
            judged.message, help_=judged.blame.fix, location=self._subject.location(judged.pointers)
        )
        certificate = judged.certificate or self._certificate
        return CheckResult(
            check=NAME,
            verdict=judged.verdict,
            summary=judged.blame.cause,
            phases=phases_of(self._steps, judged),
            certificate=certificate,
            diagnostics=(found, *self._gate_diagnostics()),
        )

    def passed(self) -> CheckResult:
        """The result of a conversation that came to its end; what is left are the certificate and the login."""
        phases = list(phases_of(self._steps, None))
        diagnostics = list(self._gate_diagnostics())
        verdict, summary = CheckVerdict.PASS, "ready to send"
        expiry = self._expiry()
        if expiry is not None:
            verdict, summary = CheckVerdict.WARN, "ready to send, but the server's certificate ends soon"
            diagnostics.append(expiry)
            phases = [
                replace(phase, verdict=CheckVerdict.WARN) if phase.phase is Phase.CERTIFICATE else phase
                for phase in phases
            ]
        gate = self._gate
        if gate is not None and not gate.may_log_in:
            skipped = PhaseResult(phase=Phase.AUTH, verdict=gate.verdict, seconds=0.0, detail=gate.words)
            phases.insert(-1, skipped)  # before QUIT
            if gate.verdict is not CheckVerdict.NOT_APPLICABLE:
                verdict, summary = gate.verdict, f"the login was {gate.words}"
        return CheckResult(
            check=NAME,
            verdict=verdict,
            summary=summary,
            phases=tuple(phases),
            certificate=self._certificate,
            diagnostics=tuple(diagnostics),
        )

    def _gate_diagnostics(self) -> tuple[Diagnostic, ...]:
        return () if self._gate is None else self._gate.diagnostics()

    def _expiry(self) -> Diagnostic | None:
        now = self._subject.clock.now()
        if self._certificate is None or not is_expiring(self._certificate, now=now):
            return None
        return expiry_diagnostic(self._certificate, host=self._settings.host, now=now, location=None)

"""The check `smtp`: whether the account's server would take a message from it now.

Everything that a delivery does up to RCPT, through the same code, and a QUIT at its end; no message. Phases: secret,
resolve, those of `open_session`, mail, rcpt, rset, quit; then the server's other addresses, each by itself. One
deadline over all of it, since a server that drips its answers byte by byte keeps every single time-out at bay. The
login is tried as `login_policy` allows. What comes of it is `smtp_course`'s business.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from maild.config.model import Account, SmtpSettings, TlsMode
from maild.diagnostics import Diagnostic
from maild.mail.phase import Phase
from maild.net.channel_binding import ChannelBinding
from maild.net.connect import MAX_ADDRESSES, NoConnectionError
from maild.net.handshake import CertificateError
from maild.net.keys import Key
from maild.net.narrator import Narrator
from maild.net.resolver import Address
from maild.net.sasl import choose_mechanism
from maild.net.smtp import SmtpServer, SmtpSession, open_session
from maild.net.step import NetError, Reason, Step
from maild.net.transcript import transcribe
from maild.probe.address_judgement import failing_address, family_of, without_missing_family
from maild.probe.blame import Target
from maild.probe.conversation import Judged, facts_of, phases_of
from maild.probe.envelope_trial import try_envelope, with_remark
from maild.probe.evidence import Evidence
from maild.probe.login_gate import LoginGate
from maild.probe.login_memory import Credential
from maild.probe.offer import Offer
from maild.probe.offer_look import compare_offers, is_held_back
from maild.probe.other_addresses import Fixed, look_at_others
from maild.probe.password import fetch_key
from maild.probe.result import AddressResult, CertificateFacts, CheckResult, CheckVerdict
from maild.probe.smtp_course import NAME, Course, LoginLook, OfferLook
from maild.probe.subject import Subject

MOST_LINES: Final = 100
"""Of a transcript; a conversation has some thirty."""

_UNREACHED: Final = frozenset({Phase.RESOLVE, Phase.CONNECT})
_COMPARED: Final = frozenset({Reason.NAME, Reason.DNS, Reason.REFUSED, Reason.TIMEOUT, Reason.UNREACHABLE, Reason.LOST})

__all__ = ["NAME", "applies", "check"]


def applies(account: Account) -> bool:
    """Whether the account sends by SMTP."""
    return isinstance(account.transport, SmtpSettings)


async def check(subject: Subject) -> CheckResult:
    """Hold the conversation and judge it. Raises nothing for what server, network or account do."""
    course = await _Probe(subject).run()
    return course.result(subject)


@dataclass(slots=True, kw_only=True)
class _Learnt:
    """What a conversation taught, as it goes on."""

    key: Key | None = None
    gate: LoginGate | None = None
    is_held: bool = False
    certificate: CertificateFacts | None = None
    chain: tuple[bytes, ...] = ()
    remark: Diagnostic | None = None


class _Probe:
    """One conversation and what it taught."""

    def __init__(self, subject: Subject) -> None:
        assert isinstance(subject.account.transport, SmtpSettings)
        self._subject = subject
        self._settings = subject.account.transport
        self._steps: list[Step] = []
        self._narrator = Narrator(self._steps.append)
        self._ends_at = self._narrator.now() + subject.settings.timeout.total_seconds()
        self._addresses: tuple[Address, ...] = ()
        self._server: SmtpServer | None = None
        self._learnt = _Learnt()
        self._lines: list[str] = []

    async def run(self) -> Course:
        """The whole of it."""
        error = await self._within_deadline(self._prepare())
        if error is not None:
            return await self._course(error, ())
        waiting_since = self._narrator.now()
        async with self._subject.turns.at(self._addresses):
            # Who was there before us took that time, not the server.
            self._ends_at += self._narrator.now() - waiting_since
            with transcribe(self._note):
                error = await self._within_deadline(self._converse())
            addresses = await self._look_at_addresses(error)
        if self._learnt.gate is not None:
            await self._learnt.gate.close(error)
        return await self._course(error, addresses)

    async def _within_deadline(self, work: Awaitable[None]) -> NetError | None:
        try:
            async with asyncio.timeout_at(self._ends_at):
                await work
        except NetError as failure:
            return failure
        except TimeoutError:
            deadline_s = self._subject.settings.timeout.total_seconds()
            detail = f"the conversation was not done within {deadline_s:g} seconds"
            return NetError(self._next_phase(), Reason.TIMEOUT, detail)
        return None

    async def _prepare(self) -> None:
        """The password, and where the server is; a proxy looks that up itself."""
        subject = self._subject
        self._learnt.key = key = await fetch_key(subject.account, subject.folder, subject.keys, self._narrator)
        server = SmtpServer.of(
            self._settings,
            username=subject.account.username,
            password=None if key is None else key.secret,
            folder=subject.folder,
            has_token=subject.account.oauth is not None,
        )
        self._server = server
        if server.proxy is None:
            with self._narrator.phase(Phase.RESOLVE) as found:
                self._addresses = await subject.resolver.addresses(server.host, server.port)
                found.detail = ", ".join(str(address.ip) for address in self._addresses)

    async def _converse(self) -> None:
        subject, server = self._subject, self._server
        assert server is not None
        secret = None if self._learnt.key is None else self._learnt.key.identity
        credential = Credential(host=server.host, user=server.username or "", secret=secret, way=subject.way)
        resolver = subject.resolver if server.proxy else Fixed(known=self._addresses, resolver=subject.resolver)
        session = await open_session(
            server,
            resolver,
            listener=self._hear,
            login=partial(self._ask, credential),
            timeouts=subject.timeouts,
        )
        try:
            self._learn(session, server)
            if session.facts.mechanism is not None or not server.wants_login:
                self._learnt.remark = await try_envelope(session, subject.account.sender, self._narrator)
        finally:
            with self._narrator.phase(Phase.QUIT):
                await session.quit()

    def _hear(self, step: Step) -> None:
        # The name was looked up before.
        if step.phase is not Phase.RESOLVE or not self._addresses:
            self._steps.append(step)

    def _note(self, line: str) -> None:
        if len(self._lines) < MOST_LINES:
            self._lines.append(line)

    async def _ask(self, credential: Credential) -> bool:
        """Whether to log in, now that it has come so far: what is not reached need not be remembered as begun."""
        self._learnt.is_held = await is_held_back(self._subject, self._settings, self._offer())
        if self._learnt.is_held:
            return False
        self._learnt.gate = await LoginGate.open(self._subject, credential)
        return self._learnt.gate.may_log_in

    def _learn(self, session: SmtpSession, server: SmtpServer) -> None:
        if session.certificate is not None:
            self._learnt.certificate = facts_of(session.certificate)
        self._learnt.chain = () if session.facts.peer is None else session.facts.peer.chain
        # Not offering the mechanism any more is seen without a login, too.
        is_skipped = self._learnt.gate is not None and not self._learnt.gate.may_log_in
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
        if last is Phase.RCPT:
            return Phase.RSET
        order = list(Phase)
        return order[min(order.index(last) + 1, order.index(Phase.RCPT))]

    async def _look_at_addresses(self, error: NetError | None) -> tuple[AddressResult, ...]:
        """Every address, the one of the conversation with what became of that."""
        target = Target.of(self._subject.account)
        if isinstance(error, NoConnectionError):
            failures = [
                failing_address(
                    failure.address, Judged.of(NetError(Phase.CONNECT, failure.reason, failure.words), target), ()
                )
                for failure in error.failures
            ]
            return without_missing_family(failures)
        used = self._used_address()
        if used is None or self._server is None:
            return ()
        if error is None:
            own = AddressResult(
                address=str(used.ip),
                family=family_of(used),
                verdict=CheckVerdict.PASS,
                summary="ready to send",
                phases=with_remark(phases_of(self._steps, None), self._learnt.remark),
                certificate=self._learnt.certificate,
            )
        else:
            own = failing_address(used, Judged.of(error, target), self._steps)
        others = [address for address in self._addresses if address != used][: MAX_ADDRESSES - 1]
        try:
            async with asyncio.timeout_at(self._ends_at):
                found = await look_at_others(self._subject, self._server, others)
        except TimeoutError:
            found = ()  # what was not looked at is not judged
        return without_missing_family((own, *found))

    def _used_address(self) -> Address | None:
        detail = next((step.detail for step in self._steps if step.phase is Phase.CONNECT and not step.error), "")
        return next((one for one in self._addresses if detail.startswith(str(one))), None)

    async def _course(self, error: NetError | None, addresses: tuple[AddressResult, ...]) -> Course:
        return Course(
            steps=self._steps,
            error=error,
            certificate=self._learnt.certificate,
            login=self._login_look(),
            seen=self._with_refused(await compare_offers(self._subject, self._settings, self._offer()), error),
            addresses=addresses,
            remark=self._learnt.remark,
            evidence=await self._look_around(error),
            transcript=tuple(self._lines),
        )

    def _login_look(self) -> LoginLook:
        if self._learnt.is_held:
            words = "not tried: the server became weaker, and whoever did that may want to see the password"
            return LoginLook(verdict=CheckVerdict.NOT_APPLICABLE, words=words)
        gate = self._learnt.gate
        if gate is None:
            return LoginLook()
        return LoginLook(verdict=gate.verdict, words=gate.words, diagnostics=gate.diagnostics())

    async def _look_around(self, error: NetError | None) -> Evidence | None:
        controls = self._subject.controls
        if error is None or error.phase not in _UNREACHED or error.reason not in _COMPARED:
            return None
        if controls is None or self._settings.proxy is not None:
            return None
        host, port = self._settings.host, self._settings.port
        try:
            async with asyncio.timeout_at(self._ends_at):
                seen = Evidence(port=port)
                if error.reason is not Reason.NAME:  # that there is no such host is no question of the network
                    seen = await controls.look_around(host, port, self._addresses)
                if error.phase is Phase.RESOLVE:
                    seen = replace(seen, witnesses=(await controls.ask_around(host, port)).witnesses)
                return seen
        except TimeoutError:
            return None

    def _with_refused(self, seen: OfferLook, error: NetError | None) -> OfferLook:
        """With the TLS and the chain of a server whose certificate was refused: to be shown, not to be remembered."""
        peer = error.peer if isinstance(error, CertificateError) else None
        if peer is None:
            return seen
        shown = Offer.of(self._steps, self._settings.tls.mode, peer.chain)
        return replace(seen, offer=replace(shown, protocol=peer.protocol))

    def _offer(self) -> Offer:
        return Offer.of(self._steps, self._settings.tls.mode, self._learnt.chain)

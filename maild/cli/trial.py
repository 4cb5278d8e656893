"""Sends the test e-mail through an account, the way the daemon would send a message, each phase told as it ends.

Shell code. No queue, no retry, no budget: one try, because somebody waits for it. The password is fetched here and
shown by nobody. How a login went is noted in the memory of logins, so that the daemon's probes do not repeat what was
just refused.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, assert_never

from maild.clock import Clock
from maild.config.model import Account, HttpKind, HttpSettings, SmtpSettings
from maild.delivery.transports.catalogue import service_session
from maild.delivery.transports.transport import Order
from maild.delivery.trial_message import TrialMessage
from maild.mail.address import Mailbox
from maild.mail.envelope import Envelope
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.verdict import Deferred, Delivered, Failed, Uncertain
from maild.net.http import FormBody, HttpAnswer, HttpClient, HttpError, Trust
from maild.net.keys import Keys
from maild.net.narrator import Findings, Narrator
from maild.net.resolver import Resolver
from maild.net.smtp import Accepted, Broken, Content, Refused, SmtpServer, SmtpSession, Timeouts, open_session
from maild.net.step import NetError, Reason, Step, StepListener
from maild.probe.login_memory import Credential, LoginMemory
from maild.probe.login_policy import LoginNotReached, outcome_of
from maild.probe.password import fetch_key

TIMEOUTS: Final = Timeouts(
    connect_s=15, greeting_s=30, command_s=20, envelope_s=30, data_s=30, block_s=30, end_s=120, quit_s=5
)
"""A person waits; only the answer to the message itself may take longer, as filters do look at it meanwhile."""

REQUEST_TIMEOUT_S: Final = 20.0
"""What the accounting program's form gives its test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One test e-mail.

    Attributes:
        folder: what relative paths of the account count from.
        keys: gives the account what it logs in with.
        memory: where logins are noted; None: nowhere.
        at: when it was written.
    """

    account: Account
    folder: Path
    to: Mailbox
    resolver: Resolver
    clock: Clock
    keys: Keys
    memory: LoginMemory | None
    at: datetime

    @property
    def message(self) -> TrialMessage:
        """What is sent."""
        return TrialMessage(account=self.account, to=self.to, at=self.at)

    async def run(self, listener: StepListener) -> str:
        """Send it; returns the last words of the server or service.

        Raises:
            NetError: it was not sent. The listener was told of the phase that failed.
        """
        message = self.message
        transport = self.account.transport
        match transport:
            case SmtpSettings():
                return await self._send_by_smtp(transport, message, listener)
            case HttpSettings():
                return await self._send_by_http(transport, message, listener)
            case _:
                assert_never(transport)

    async def _send_by_smtp(self, settings: SmtpSettings, message: TrialMessage, listener: StepListener) -> str:
        narrator = Narrator(listener)
        key = await fetch_key(self.account, self.folder, self.keys, narrator)
        server = SmtpServer.of(
            settings,
            username=self.account.username,
            password=None if key is None else key.secret,
            folder=self.folder,
            has_token=self.account.oauth is not None,
        )
        failure: NetError | None = None
        try:
            session = await open_session(server, self.resolver, listener=listener, timeouts=TIMEOUTS)
        except NetError as error:
            failure = error
            raise
        finally:
            if server.wants_login:
                identity = None if key is None else key.identity
                await self._note(Credential(host=server.host, user=server.username or "", secret=identity), failure)
        try:
            reply = await self._say(session, message, narrator)
        finally:
            began_at = narrator.now()
            await session.quit()
            narrator.tell(Phase.QUIT, since=began_at)
        return str(reply)

    async def _say(self, session: SmtpSession, message: TrialMessage, narrator: Narrator) -> Reply:
        envelope = Envelope(sender=self.account.sender, recipients=(self.to,))
        began_at = narrator.now()
        answers = await session.send(envelope, Content.of(message.as_bytes()), before_dot=_nobody_keeps_books)
        answer = answers[self.to]
        if isinstance(answer, Accepted):
            narrator.tell(Phase.BODY, since=began_at, findings=Findings(detail=str(answer.reply), reply=answer.reply))
            return answer.reply
        error = _error_of(answer)
        narrator.fail(error, since=began_at)
        raise error

    async def _send_by_http(self, settings: HttpSettings, message: TrialMessage, listener: StepListener) -> str:
        if settings.kind is not HttpKind.FORM:
            return await self._send_by_service(settings, message, listener)
        client = HttpClient(self.resolver, self.clock)
        form = FormBody(fields=message.as_fields(), is_urlencoded=True)
        held: list[Step] = []

        def listen(step: Step) -> None:
            # An answer is no success yet: what it says decides, below.
            if step.phase is Phase.REQUEST and step.error is None:
                held.append(step)
            else:
                listener(step)

        try:
            answer = await client.post(
                settings.url,
                form,
                trust=Trust.of(settings, self.folder),
                listener=listen,
                timeout_s=REQUEST_TIMEOUT_S if settings.timeout is None else settings.timeout.total_seconds(),
            )
        except HttpError as failed:
            raise failed.cause from failed
        finally:
            await client.close()
        error = None if answer.is_success else _refusal_of(answer)
        for step in held:
            listener(replace(step, error=error))
        if error is not None:
            raise error
        return f"{answer.status} {answer.text}".strip()

    async def _send_by_service(self, settings: HttpSettings, message: TrialMessage, listener: StepListener) -> str:
        """As a delivery would, its answer judged by the same table."""
        key = await fetch_key(self.account, self.folder, self.keys, Narrator(listener))
        order = Order(account=self.account, folder=self.folder, password=None if key is None else key.secret)
        client = HttpClient(self.resolver, self.clock)
        held: list[Step] = []
        failures: list[NetError] = []

        def listen(step: Step) -> None:
            # An answer is no success yet: what it says decides, below.
            (held.append if step.phase is Phase.REQUEST and step.error is None else listener)(step)
            failures.extend([] if step.error is None else [step.error])

        try:
            session = service_session(client, self.clock, order, settings, listen)
            judged = await session.deliver(message.as_outgoing(), (self.to,), _nobody_keeps_books)
        finally:
            await client.close()
        verdict = judged[self.to].verdict
        if failures and not isinstance(verdict, Delivered):
            raise failures[-1]  # what kept the request from an answer says more than what that means for a message
        error = None if isinstance(verdict, Delivered) else _error_of_verdict(verdict)
        for step in held[:-1]:
            listener(step)
        for step in held[-1:]:
            listener(replace(step, error=error))
        if error is not None:
            raise error
        assert isinstance(verdict, Delivered)
        return str(verdict.reply)

    async def _note(self, credential: Credential, error: NetError | None) -> None:
        outcome = outcome_of(error)
        if self.memory is not None and not isinstance(outcome, LoginNotReached):
            await asyncio.to_thread(self.memory.note, credential, outcome, now=self.clock.now())


async def _nobody_keeps_books(recipients: tuple[Mailbox, ...]) -> None:
    """A test message is in no queue: there is nothing to write down before its end is sent."""
    del recipients


def _error_of(answer: Refused | Broken) -> NetError:
    match answer:
        case Refused(phase=phase, reply=reply):
            return NetError(phase, Reason.REPLY, f"the server refused it: {reply}", reply=reply)
        case Broken(error=error, is_uncertain=True):
            detail = f"{error.detail}; the message may have been delivered all the same"
            return NetError(error.phase, error.reason, detail, reply=error.reply)
        case Broken(error=error):
            return error
        case _:
            assert_never(answer)


def _error_of_verdict(verdict: Deferred | Failed | Uncertain) -> NetError:
    reply = None if isinstance(verdict, Uncertain) else verdict.reply
    reason = Reason.PROTOCOL if reply is None else Reason.REPLY
    words = verdict.reason if reply is None else f"{verdict.reason}: {reply}"
    return NetError(verdict.phase, reason, words, reply=reply)


def _refusal_of(answer: HttpAnswer) -> NetError:
    words = answer.text if answer.location is None else f"it points to {answer.location}"
    reply = Reply.of(answer.status, words)
    return NetError(Phase.REQUEST, Reason.REPLY, f"the service answered {reply}", reply=reply)

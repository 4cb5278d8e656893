"""The way by JMAP: upload, then one request that sends. Shell code, thin: what is asked and what the answers mean is
`services.jmap`.

A "session" here is one courier's use of the client; where everything is, is asked once in it.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final

from maild.config.mail_service import service_url
from maild.config.model import Account, HttpKind, HttpSettings
from maild.delivery.classify import Judgement, judge_error, judge_status, when_unsent
from maild.delivery.outgoing import Outgoing
from maild.delivery.transports.services import jmap
from maild.delivery.transports.services.jmap_answer import JmapError
from maild.delivery.transports.services.jmap_outcome import ROWS, read_outcome
from maild.delivery.transports.services.kind import Sending, sliced
from maild.delivery.transports.transport import BeforeDot, Order, Session
from maild.errors import InternalError
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.verdict import Failed, Fault
from maild.net.http import HttpAnswer, HttpClient, HttpError, HttpRequest, Trust
from maild.net.http.client import SLOWEST_BYTES_S
from maild.net.step import NetError, Reason, StepListener, ignore_steps

ASK_TIMEOUT_S: Final = 60.0
"""For a request with its answer, besides what the upload takes."""


class JmapTransport:
    """Sends by services that speak JMAP."""

    def __init__(self, client: HttpClient) -> None:
        self._client: Final = client

    def carries(self, account: Account) -> bool:
        """Whether the account's way is JMAP."""
        return isinstance(account.transport, HttpSettings) and account.transport.kind is HttpKind.JMAP

    def split(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
        """As many in a submission as with SMTP."""
        del outgoing
        return sliced(recipients, jmap.MOST_RECIPIENTS)

    async def open(self, order: Order) -> Session:
        """Nothing is opened before there is something to send."""
        settings = order.account.transport
        if not isinstance(settings, HttpSettings):
            raise InternalError(f"account {order.account.name} does not send by HTTP")
        return JmapSession(self._client, order, settings)


class _RefusedError(Exception):
    """An answer that ends it before anything was sent."""

    def __init__(self, answer: HttpAnswer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class JmapSession:
    """One courier's way to the service."""

    is_usable: bool = True

    def __init__(
        self, client: HttpClient, order: Order, settings: HttpSettings, listener: StepListener = ignore_steps
    ) -> None:
        self._client: Final = client
        self._order: Final = order
        self._settings: Final = settings
        self._trust: Final = Trust.of(settings, order.folder)
        self._listener: Final = listener
        self._known: tuple[jmap.Directory, jmap.Place] | None = None

    async def deliver(
        self, outgoing: Outgoing, recipients: tuple[Mailbox, ...], before_dot: BeforeDot
    ) -> Mapping[Mailbox, Judgement]:
        """One submission; what `before_dot` raises comes out."""
        sending = self._sending(outgoing, recipients)
        try:
            self._known = directory, place = self._known or await self._find(sending)
            most = directory.most_bytes
            if most is not None and outgoing.size_bytes > most:
                words = f"it has {outgoing.size_bytes} bytes, and the mail service takes at most {most}"
                refusal = Failed(fault=Fault.MESSAGE, phase=Phase.REQUEST, reason=words)
                return dict.fromkeys(recipients, Judgement(verdict=refusal))
            blob_id = jmap.read_upload(await self._asked(jmap.upload_request(sending, directory)))
        except _RefusedError as refused:
            self._known = None  # what moved is to be found
            return dict.fromkeys(recipients, when_unsent(_judge(outgoing, refused.answer)))
        except JmapError as error:
            self._known = None
            unusable = NetError(Phase.REQUEST, Reason.REFUSED, f"the mail service cannot be used: {error}")
            return dict.fromkeys(recipients, judge_error(unusable, is_uncertain=False, is_own_sender=True))
        except HttpError as error:
            return dict.fromkeys(recipients, judge_error(error, is_uncertain=False, is_own_sender=True))
        await before_dot(recipients)
        return await self._submit(sending, jmap.send_request(sending, directory, place, blob_id), directory)

    async def close(self) -> None:
        """Nothing to take leave of."""

    def abort(self) -> None:
        """Nothing to close."""

    async def _find(self, sending: Sending) -> tuple[jmap.Directory, jmap.Place]:
        try:
            text = await self._asked(jmap.session_request(sending))
        except _RefusedError as refused:
            # Once, and for this one request, which sends no mail.
            moved = jmap.moved_to(refused.answer.status, refused.answer.location, sending.url)
            if moved is None:
                raise
            sending = replace(sending, url=moved)
            text = await self._asked(jmap.session_request(sending))
        directory = jmap.read_session(text, sending.url)
        answer = await self._asked(jmap.place_request(sending, directory))
        return directory, jmap.read_place(answer, self._order.account.sender)

    async def _submit(
        self, sending: Sending, request: HttpRequest, directory: jmap.Directory
    ) -> Mapping[Mailbox, Judgement]:
        recipients, own = sending.recipients, sending.outgoing.is_own_sender
        try:
            answer = await self._asked(request)
        except HttpError as error:
            judged = judge_error(error, is_uncertain=error.is_uncertain, is_own_sender=True)
            return dict.fromkeys(recipients, judged)
        except _RefusedError as refused:
            return dict.fromkeys(recipients, _judge(sending.outgoing, refused.answer))
        outcome = read_outcome(answer, recipients, is_own_sender=own)
        if outcome.leftover is not None:
            # Politeness: nothing depends on it.
            with suppress(HttpError, _RefusedError):
                await self._asked(jmap.discard_request(sending, directory, outcome.leftover))
        return outcome.judgements

    async def _asked(self, request: HttpRequest) -> str:
        usual_s = ASK_TIMEOUT_S if self._settings.timeout is None else self._settings.timeout.total_seconds()
        timeout_s = usual_s + request.size_bytes / SLOWEST_BYTES_S
        answer = await self._client.send(request, trust=self._trust, listener=self._listener, timeout_s=timeout_s)
        if not answer.is_success:
            raise _RefusedError(answer)
        return answer.text

    def _sending(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> Sending:
        return Sending(
            account=self._order.account,
            settings=self._settings,
            url=service_url(self._settings),
            outgoing=outgoing,
            recipients=recipients,
            secret=self._order.password,
        )


def _judge(outgoing: Outgoing, answer: HttpAnswer) -> Judgement:
    retry_after = None if answer.retry_after_s is None else timedelta(seconds=answer.retry_after_s)
    text = answer.text if answer.location is None else f"it points to {answer.location}: put that into http.url"
    return judge_status(answer.status, text, retry_after, rows=ROWS, is_own_sender=outgoing.is_own_sender)

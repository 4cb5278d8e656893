"""The way by HTTP services that take a whole message: one request a transaction. Shell code, thin: what is asked and
what the answer means is `services`.

There is no session; a "session" here is one courier's use of the client, with the key that it was opened with. A
request whose answer is lost is uncertain; sent again, it does no harm where the service heeds its idempotency key.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from maild.clock import Clock
from maild.config.mail_service import service_url
from maild.config.model import Account, HttpKind, HttpSettings
from maild.delivery.classify import Judgement, judge_error, judge_status
from maild.delivery.outgoing import Outgoing
from maild.delivery.status_row import LOGIN_ROWS
from maild.delivery.transports.content import taken_apart
from maild.delivery.transports.form_message import FormError
from maild.delivery.transports.services.catalogue import SERVICE_KINDS
from maild.delivery.transports.services.kind import Sending, ServiceKind, UnsendableError
from maild.delivery.transports.services.resend import Resend
from maild.delivery.transports.services.ses import Ses
from maild.delivery.transports.transport import BeforeDot, Order, Session
from maild.errors import InternalError
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.verdict import Failed, Fault
from maild.net.http import HttpAnswer, HttpClient, HttpError, HttpRequest, Trust
from maild.net.http.client import SLOWEST_BYTES_S
from maild.net.http.streaming import sha256_of
from maild.net.step import NetError, StepListener, ignore_steps

SEND_TIMEOUT_S: Final = 60.0
"""For a request with its answer, besides what the upload takes."""


class HttpServiceTransport:
    """Sends to services of one kind."""

    def __init__(self, client: HttpClient, clock: Clock, kind: HttpKind) -> None:
        self._client: Final = client
        self._clock: Final = clock
        self._kind: Final = kind

    def carries(self, account: Account) -> bool:
        """Whether the account's way is such a service."""
        return isinstance(account.transport, HttpSettings) and account.transport.kind is self._kind

    def split(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
        """As the kind has it."""
        return SERVICE_KINDS[self._kind].groups(outgoing, recipients)

    async def open(self, order: Order) -> Session:
        """Nothing is opened before there is something to send."""
        settings = order.account.transport
        if not isinstance(settings, HttpSettings):
            raise InternalError(f"account {order.account.name} does not send by HTTP")
        return HttpServiceSession(self._client, self._clock, order, settings)


class HttpServiceSession:
    """One courier's way to the service."""

    is_usable: bool = True

    def __init__(
        self,
        client: HttpClient,
        clock: Clock,
        order: Order,
        settings: HttpSettings,
        listener: StepListener = ignore_steps,
    ) -> None:
        self._client: Final = client
        self._clock: Final = clock
        self._order: Final = order
        self._settings: Final = settings
        self._kind: Final[ServiceKind] = SERVICE_KINDS[settings.kind]
        self._trust: Final = Trust.of(settings, order.folder)
        self._listener: Final = listener

    async def deliver(
        self, outgoing: Outgoing, recipients: tuple[Mailbox, ...], before_dot: BeforeDot
    ) -> Mapping[Mailbox, Judgement]:
        """One request; what `before_dot` raises comes out."""
        try:
            sending = await self._sending(outgoing, recipients)
            request = await self._signed(sending, self._kind.request(sending))
        except (UnsendableError, FormError) as error:
            words = f"it cannot be sent by this mail service: {error}"
            refusal = Failed(fault=Fault.MESSAGE, phase=Phase.REQUEST, reason=words)
            return dict.fromkeys(recipients, Judgement(verdict=refusal))
        except NetError as error:
            return dict.fromkeys(recipients, judge_error(error, is_uncertain=False, is_own_sender=True))
        await before_dot(recipients)
        return dict.fromkeys(recipients, await self._judged(outgoing, request))

    async def close(self) -> None:
        """Nothing to take leave of."""

    def abort(self) -> None:
        """Nothing to close."""

    async def _judged(self, outgoing: Outgoing, request: HttpRequest) -> Judgement:
        usual_s = SEND_TIMEOUT_S if self._settings.timeout is None else self._settings.timeout.total_seconds()
        timeout_s = usual_s + request.size_bytes / SLOWEST_BYTES_S
        try:
            answer = await self._client.send(request, trust=self._trust, listener=self._listener, timeout_s=timeout_s)
        except HttpError as error:
            return judge_error(error, is_uncertain=error.is_uncertain, is_own_sender=True)
        return self._judge(outgoing, answer)

    def _judge(self, outgoing: Outgoing, answer: HttpAnswer) -> Judgement:
        retry_after = None if answer.retry_after_s is None else timedelta(seconds=answer.retry_after_s)
        text = answer.text if answer.error_type is None else f"{answer.error_type}: {answer.text}"
        if answer.location is not None:
            text = f"it points to {answer.location}"
        rows = (*self._kind.rows, *LOGIN_ROWS)
        return judge_status(answer.status, text, retry_after, rows=rows, is_own_sender=outgoing.is_own_sender)

    async def _sending(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> Sending:
        most = self._kind.most_bytes
        if most is not None and outgoing.size_bytes > most:
            raise UnsendableError(f"it has {outgoing.size_bytes} bytes, and the service takes at most {most}")
        order = self._order
        return Sending(
            account=order.account,
            settings=self._settings,
            url=service_url(self._settings),
            outgoing=outgoing,
            recipients=recipients,
            secret=order.password,
            parts=await taken_apart(outgoing) if isinstance(self._kind, Resend) else None,
        )

    async def _signed(self, sending: Sending, request: HttpRequest) -> HttpRequest:
        if not isinstance(self._kind, Ses):
            return request
        digest = await sha256_of(request.pieces)
        return self._kind.signed(sending, request, digest, self._clock.now())

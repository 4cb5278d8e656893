"""The way by an HTTP mail service that takes a form: fields from, reply_to, to, subject, body, and files.

Such a service knows no envelope. Everybody in `to` sees everybody else there, so those who stand in To and Cc share one
POST and everybody else gets a POST of their own. There is no session and no login either: a "session" here is one
courier's use of the client. The service has no idempotency key, so a lost answer is uncertain.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from maild.config.model import Account, HttpKind, HttpSettings
from maild.delivery.classify import Judgement, judge_error, judge_status
from maild.delivery.outgoing import Outgoing
from maild.delivery.transports.content import taken_apart
from maild.delivery.transports.form_message import FormError, FormMessage, visible_recipients
from maild.delivery.transports.transport import BeforeDot, Order, Session
from maild.errors import InternalError
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.verdict import Failed, Fault
from maild.net.http import FormBody, FormFile, HttpAnswer, HttpClient, HttpError, Trust
from maild.net.step import NetError

SEND_TIMEOUT_S: Final = 60.0
"""For one POST with its answer, besides what the upload takes, as the accounting program's form has it."""


class HttpFormTransport:
    """Posts to mail services."""

    def __init__(self, client: HttpClient, timeout_s: float = SEND_TIMEOUT_S) -> None:
        self._client: Final = client
        self._timeout_s: Final = timeout_s

    def carries(self, account: Account) -> bool:
        """Whether the account's way is such a service."""
        return isinstance(account.transport, HttpSettings) and account.transport.kind is HttpKind.FORM

    def split(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
        """Those who stand in To or Cc together, everybody else alone."""
        visible = visible_recipients(outgoing.head)
        together = tuple(mailbox for mailbox in recipients if mailbox in visible)
        alone = tuple((mailbox,) for mailbox in recipients if mailbox not in visible)
        return (together, *alone) if together else alone

    async def open(self, order: Order) -> Session:
        """Nothing is opened before there is something to post."""
        if not isinstance(order.account.transport, HttpSettings):
            raise InternalError(f"account {order.account.name} does not send by HTTP")
        return HttpFormSession(self._client, order, order.account.transport, self._timeout_s)


class HttpFormSession:
    """One courier's way to the service."""

    is_usable: bool = True

    def __init__(self, client: HttpClient, order: Order, settings: HttpSettings, timeout_s: float) -> None:
        self._client: Final = client
        self._account: Final = order.account
        self._url: Final = settings.url
        self._trust: Final = Trust.of(settings, order.folder)
        self._timeout_s: Final = timeout_s if settings.timeout is None else settings.timeout.total_seconds()
        self._last: tuple[Outgoing, FormMessage] | None = None

    async def deliver(
        self, outgoing: Outgoing, recipients: tuple[Mailbox, ...], before_dot: BeforeDot
    ) -> Mapping[Mailbox, Judgement]:
        """One POST; what `before_dot` raises comes out."""
        try:
            message = await self._taken_apart(outgoing)
        except FormError as error:
            words = f"it cannot be sent by a mail service: {error}"
            refusal = Failed(fault=Fault.MESSAGE, phase=Phase.REQUEST, reason=words)
            return dict.fromkeys(recipients, Judgement(verdict=refusal))
        except NetError as error:
            return dict.fromkeys(recipients, judge_error(error, is_uncertain=False, is_own_sender=True))
        await before_dot(recipients)
        try:
            answer = await self._client.post(
                self._url,
                make_form(message, self._account, recipients),
                trust=self._trust,
                timeout_s=self._timeout_s,
            )
        except HttpError as error:
            judgement = judge_error(error, is_uncertain=error.is_uncertain, is_own_sender=True)
        else:
            judgement = _judge(answer)
        return dict.fromkeys(recipients, judgement)

    async def close(self) -> None:
        """Nothing to take leave of."""

    def abort(self) -> None:
        """Forget the last message."""
        self._last = None

    async def _taken_apart(self, outgoing: Outgoing) -> FormMessage:
        """The message as a form has it; once for all its POSTs."""
        if self._last is None or self._last[0] is not outgoing:
            self._last = (outgoing, await taken_apart(outgoing))
        return self._last[1]


def make_form(message: FormMessage, account: Account, recipients: tuple[Mailbox, ...]) -> FormBody:
    """The form of one POST. The author is a name, not an address; the address stands in `reply_to`."""
    author = message.author or account.display_name or str(account.sender)
    fields = (
        ("from", author),
        ("reply_to", ";".join(str(mailbox) for mailbox in message.reply_to or account.reply_to)),
        ("to", ";".join(str(mailbox) for mailbox in recipients)),
        ("subject", message.subject),
        ("body", message.body),
    )
    files = tuple(
        FormFile(name=f"attachment{number}", filename=one.filename, content_type=one.content_type, data=one.data)
        for number, one in enumerate(message.attachments, 1)
    )
    return FormBody(fields=fields, files=files)


def _judge(answer: HttpAnswer) -> Judgement:
    retry_after = None if answer.retry_after_s is None else timedelta(seconds=answer.retry_after_s)
    text = answer.text if answer.location is None else f"it points to {answer.location}"
    return judge_status(answer.status, text, retry_after)

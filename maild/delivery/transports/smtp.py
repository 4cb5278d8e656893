"""The way by SMTP: submission to the account's server (RFC 6409), one login a session, many messages on it.

The conversation is `maild.net.smtp`'s; here its answers become judgements. Not here: when to open, reuse or give up a
session, and what a judgement does to the account.
"""

from collections.abc import Mapping
from typing import Final, assert_never

from maild.config.model import Account, SmtpSettings
from maild.delivery.classify import Judgement, judge_error, judge_reply
from maild.delivery.outgoing import Outgoing
from maild.delivery.transports.transport import BeforeDot, Order, Session
from maild.errors import InternalError
from maild.mail.address import Mailbox
from maild.mail.envelope import Envelope
from maild.mail.phase import Phase
from maild.net.resolver import Resolver
from maild.net.smtp import Accepted, Answer, Broken, Content, Refused, SmtpServer, SmtpSession, Timeouts, open_session
from maild.spool.queue import FileBody, InlineBody

RECIPIENTS_PER_TRANSACTION: Final = 100
"""What every server must take (RFC 5321 §4.5.3.1.8)."""


class SmtpTransport:
    """Opens sessions with SMTP servers."""

    def __init__(self, resolver: Resolver, timeouts: Timeouts | None = None) -> None:
        self._resolver: Final = resolver
        self._timeouts: Final = timeouts or Timeouts()

    def carries(self, account: Account) -> bool:
        """Whether the account's way is SMTP."""
        return isinstance(account.transport, SmtpSettings)

    def split(self, outgoing: Outgoing, recipients: tuple[Mailbox, ...]) -> tuple[tuple[Mailbox, ...], ...]:
        """As many recipients in a transaction as every server takes."""
        del outgoing
        size = RECIPIENTS_PER_TRANSACTION
        if len(recipients) <= size:
            return (recipients,)
        return tuple(recipients[start : start + size] for start in range(0, len(recipients), size))

    async def open(self, order: Order) -> Session:
        """A session that is logged in.

        Raises:
            NetError: a phase failed.
        """
        account = order.account
        if not isinstance(account.transport, SmtpSettings):
            raise InternalError(f"account {account.name} does not send by SMTP")
        server = SmtpServer.of(
            account.transport,
            username=account.username,
            password=order.password,
            folder=order.folder,
            has_token=account.oauth is not None,
        )
        return SmtpCarrier(await open_session(server, self._resolver, timeouts=self._timeouts))


class SmtpCarrier:
    """One session with a server."""

    def __init__(self, session: SmtpSession) -> None:
        self._session: Final = session

    @property
    def is_usable(self) -> bool:
        """Whether another message may be sent on it."""
        return self._session.is_usable

    async def deliver(
        self, outgoing: Outgoing, recipients: tuple[Mailbox, ...], before_dot: BeforeDot
    ) -> Mapping[Mailbox, Judgement]:
        """One mail transaction; what `before_dot` raises comes out."""
        own = outgoing.is_own_sender
        envelope = Envelope(
            sender=outgoing.sender, recipients=recipients, wish=outgoing.wish, requires_tls=outgoing.requires_tls
        )
        answers = await self._session.send(envelope, _content_of(outgoing), before_dot=before_dot)
        return {mailbox: _judge(answer, is_own_sender=own) for mailbox, answer in answers.items()}

    async def close(self) -> None:
        """QUIT."""
        await self._session.quit()

    def abort(self) -> None:
        """Close at once."""
        self._session.abort()


def _content_of(outgoing: Outgoing) -> Content:
    match outgoing.body:
        case InlineBody(data=data):
            return Content.of(b"%b\r\n%b" % (outgoing.head, data))
        case FileBody(path=path):
            return Content(start=outgoing.head + b"\r\n", file=path)
        case _:
            assert_never(outgoing.body)


def _judge(answer: Answer, *, is_own_sender: bool) -> Judgement:
    match answer:
        case Accepted(reply=reply):
            return judge_reply(Phase.BODY, reply, is_own_sender=is_own_sender)
        case Refused(phase=phase, reply=reply):
            return judge_reply(phase, reply, is_own_sender=is_own_sender)
        case Broken(error=error, is_uncertain=is_uncertain):
            return judge_error(error, is_uncertain=is_uncertain, is_own_sender=is_own_sender)
        case _:
            assert_never(answer)

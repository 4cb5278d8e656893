"""A session: one logged-in conversation that carries messages, one after the other.

`send` says what became of every recipient, whatever happened to the others: a recipient refused at RCPT stays refused
although the message itself was put off, and a lost connection is uncertain only when the end of the message had been
sent. A refusal leaves the session usable, after RSET; anything else that goes wrong closes it.

RFC 5321 §3.3, §4.1.1; RFC 1870 (SIZE), RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8).
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from maild.mail.address import Mailbox
from maild.mail.envelope import Envelope
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.certificate import Certificate
from maild.net.peer import Peer
from maild.net.resolver import Address
from maild.net.smtp.answer import Accepted, Answer, Broken, Refused
from maild.net.smtp.capabilities import Capabilities
from maild.net.smtp.dialogue import BodyError, Dialogue
from maild.net.smtp.dot_stuffing import dot_stuffed
from maild.net.smtp.needs import MessageNeeds
from maild.net.smtp.server import Timeouts
from maild.net.step import NetError, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """How a session came about.

    Attributes:
        address: where the server is.
        banner: its greeting.
        peer: who is at the other end of TLS, None without TLS.
        mechanism: how we logged in, by its name on the wire; None if we did not.
    """

    address: Address
    banner: Reply
    capabilities: Capabilities
    peer: Peer | None = None
    mechanism: str | None = None


class SmtpSession:
    """Made by `open_session`. Not for use by two tasks at once."""

    def __init__(self, dialogue: Dialogue, facts: SessionFacts, timeouts: Timeouts) -> None:
        self.facts: Final = facts
        self._dialogue: Final = dialogue
        self._timeouts: Final = timeouts

    @property
    def is_usable(self) -> bool:
        """Whether another message may be sent on it."""
        return self._dialogue.is_open

    @property
    def capabilities(self) -> Capabilities:
        """What the server offers, as said after TLS."""
        return self.facts.capabilities

    @property
    def certificate(self) -> Certificate | None:
        """The server's certificate; None without TLS."""
        return self.facts.peer.certificate if self.facts.peer else None

    async def send(
        self,
        envelope: Envelope,
        message: bytes,
        *,
        before_dot: Callable[[tuple[Mailbox, ...]], Awaitable[None]],
    ) -> Mapping[Mailbox, Answer]:
        """Carry out one mail transaction.

        Args:
            envelope: reverse-path and recipients.
            message: header and body in wire form: CRLF line ends, not dot-stuffed.
            before_dot: awaited with the recipients that were accepted, right before the message's data is written;
                it is not called when there are none. When it raises, nothing is sent and its exception comes out.

        Returns:
            An answer for every recipient of the envelope.
        """
        needs = MessageNeeds.of(envelope, message)
        unfit = needs.unmet_by(self.capabilities)
        if unfit is not None:
            return dict.fromkeys(envelope.recipients, Broken(error=unfit))
        transaction = _Transaction(envelope)
        try:
            await self._transact(transaction, needs, message, before_dot)
        except BodyError as error:
            transaction.settle(Broken(error=error, is_uncertain=error.is_uncertain))
        except NetError as error:
            transaction.settle(Broken(error=error))
        except BaseException:
            self.abort()
            raise
        return transaction.answers

    async def quit(self) -> None:
        """Say goodbye and close. Raises nothing."""
        if self.is_usable:
            await self._dialogue.quit(self._timeouts.quit_s)
        self._dialogue.abort()

    def abort(self) -> None:
        """Close at once."""
        self._dialogue.abort()

    async def _transact(
        self,
        transaction: "_Transaction",
        needs: MessageNeeds,
        message: bytes,
        before_dot: Callable[[tuple[Mailbox, ...]], Awaitable[None]],
    ) -> None:
        """MAIL, RCPTs, DATA, data: each may end it, and then what is open must be reset."""
        is_open = (
            await self._say_mail(transaction, needs)
            and await self._say_recipients(transaction)
            and await self._say_data(transaction)
        )
        if is_open:
            await before_dot(transaction.pending)
            reply = await self._dialogue.write_message(dot_stuffed(message), self._timeouts)
            transaction.settle(self._judged(Phase.BODY, reply) or Accepted(reply=reply))
            is_open = reply.is_positive
        if not is_open:
            await self._reset()

    async def _say_mail(self, transaction: "_Transaction", needs: MessageNeeds) -> bool:
        words = [b"FROM:" + _path(transaction.envelope.sender), *needs.mail_parameters(self.capabilities)]
        reply = await self._dialogue.command(Phase.MAIL, b"MAIL", *words, timeout_s=self._timeouts.envelope_s)
        refusal = self._judged(Phase.MAIL, reply)
        if refusal is not None:
            transaction.settle(refusal)
        return refusal is None

    async def _say_recipients(self, transaction: "_Transaction") -> bool:
        """Whether somebody was accepted."""
        for mailbox in transaction.envelope.recipients:
            reply = await self._dialogue.command(
                Phase.RCPT, b"RCPT", b"TO:" + _path(mailbox), timeout_s=self._timeouts.envelope_s
            )
            refusal = self._judged(Phase.RCPT, reply)
            if refusal is not None:
                # After a 421 the whole transaction is off, those accepted before included.
                transaction.settle(refusal, None if reply.code == 421 else (mailbox,))
                if reply.code == 421:
                    return False
        return bool(transaction.pending)

    async def _say_data(self, transaction: "_Transaction") -> bool:
        reply = await self._dialogue.command(Phase.DATA, b"DATA", timeout_s=self._timeouts.data_s)
        if reply.code == 354:
            return True
        transaction.settle(self._judged(Phase.DATA, reply) or self._senseless(Phase.DATA, reply))
        return False

    def _judged(self, phase: Phase, reply: Reply) -> Answer | None:
        """None for yes."""
        if reply.is_positive:
            return None
        if reply.is_transient or reply.is_permanent:
            return Refused(phase=phase, reply=reply)
        return self._senseless(phase, reply)

    def _senseless(self, phase: Phase, reply: Reply) -> Broken:
        """A reply that this command cannot have: whatever the server thinks we are at, it is not this."""
        self.abort()
        error = NetError(phase, Reason.PROTOCOL, f"the server answered {reply}", reply=reply)
        return Broken(error=error, is_uncertain=phase is Phase.BODY)

    async def _reset(self) -> None:
        """Back to where MAIL may be said, or the session is of no more use."""
        if not self.is_usable:
            return
        try:
            reply = await self._dialogue.command(Phase.MAIL, b"RSET", timeout_s=self._timeouts.command_s)
        except NetError:
            return
        if not reply.is_positive:
            self.abort()


class _Transaction:
    """Collects the answers."""

    def __init__(self, envelope: Envelope) -> None:
        self.envelope: Final = envelope
        self.answers: Final[dict[Mailbox, Answer]] = {}

    @property
    def pending(self) -> tuple[Mailbox, ...]:
        """Those without an answer yet, which is: not refused so far."""
        return tuple(mailbox for mailbox in self.envelope.recipients if mailbox not in self.answers)

    def settle(self, answer: Answer, mailboxes: Iterable[Mailbox] | None = None) -> None:
        """Give these, or all who have none, this answer; who has one keeps it."""
        for mailbox in self.pending if mailboxes is None else mailboxes:
            self.answers.setdefault(mailbox, answer)


def _path(mailbox: Mailbox | None) -> bytes:
    """RFC 5321 §4.1.2: a path in its brackets; `<>` is the null sender."""
    return b"<>" if mailbox is None else f"<{mailbox}>".encode()

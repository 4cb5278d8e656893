"""A session: one logged-in conversation that carries messages, one after the other.

`send` says what became of every recipient, whatever happened to the others: a recipient refused at RCPT stays refused
although the message itself was put off, and a lost connection is uncertain only when the end of the message had been
sent. A refusal leaves the session usable, after RSET; anything else that goes wrong closes it.

RFC 5321 §3.3, §4.1.1; RFC 1870 (SIZE), RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8), RFC 2920, RFC 3030.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from maild.mail.address import Mailbox
from maild.mail.envelope import Envelope
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.certificate import Certificate
from maild.net.peer import Peer
from maild.net.resolver import Address
from maild.net.smtp.answer import Answer, Broken, Refused
from maild.net.smtp.capabilities import Capabilities
from maild.net.smtp.content import Content
from maild.net.smtp.inspection import Inspection
from maild.net.smtp.needs import MessageNeeds
from maild.net.smtp.sending import BeforeDot, Sending
from maild.net.smtp.server import Timeouts
from maild.net.smtp.transaction import Transaction, plan_transaction
from maild.net.smtp.wire import Wire
from maild.net.step import NetError

GAMBLE_S: Final = 1.0
"""A server that was heard of so lately is not about to hang up on an idle client. After a longer silence the envelope
goes first, alone: to find the connection gone then is certain, with the message on its way it would not be.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """How a session came about.

    Attributes:
        address: where the server is.
        banner: its greeting.
        peer: who is at the other end of TLS, None without TLS.
        mechanism: how we logged in, by its name on the wire; None if we did not.
        is_trusted: whether there is TLS, and we know with whom.
    """

    address: Address
    banner: Reply
    capabilities: Capabilities
    peer: Peer | None = None
    mechanism: str | None = None
    is_trusted: bool = False


class SmtpSession:
    """Made by `open_session`. Not for use by two tasks at once."""

    def __init__(self, wire: Wire, facts: SessionFacts, timeouts: Timeouts) -> None:
        self.facts: Final = facts
        self._wire: Final = wire
        self._timeouts: Final = timeouts
        self._offers = facts.capabilities
        """What the server offers and has not failed in."""

    @property
    def is_usable(self) -> bool:
        """Whether another message may be sent on it."""
        return self._wire.is_open

    @property
    def capabilities(self) -> Capabilities:
        """What the server offers, as said after TLS."""
        return self.facts.capabilities

    @property
    def certificate(self) -> Certificate | None:
        """The server's certificate; None without TLS."""
        return self.facts.peer.certificate if self.facts.peer else None

    async def send(self, envelope: Envelope, content: Content, *, before_dot: BeforeDot) -> Mapping[Mailbox, Answer]:
        """Carry out one mail transaction.

        Args:
            envelope: reverse-path and recipients.
            content: header and body in wire form: CRLF line ends, not dot-stuffed. Its 8-bit text is encoded anew for a
                server without 8BITMIME.
            before_dot: awaited right before the first octet is written that could complete the message, with the
                recipients who may get it: those that were accepted or, where everything travels at once, all. It is
                not called when there are none. When it raises, nothing is sent and its exception comes out.

        Returns:
            An answer for every recipient of the envelope.
        """
        try:
            inspection = await content.inspect() if content.is_streamed else Inspection.of(content.start)
            if inspection.is_8bit and not self.capabilities.offers("8BITMIME"):
                content = await content.in_seven_bits()
                inspection = await content.inspect()
        except NetError as error:
            return dict.fromkeys(envelope.recipients, Broken(error=error))
        needs = MessageNeeds.of(envelope, inspection)
        unfit = needs.unmet_by(self.capabilities, is_trusted=self.facts.is_trusted)
        if unfit is not None:
            return dict.fromkeys(envelope.recipients, Broken(error=unfit))
        answers = await self._transact(envelope, content, needs, before_dot)
        if self._offers.offers("CHUNKING") and self.is_usable and _is_unknown(answers):
            # It offers what it cannot do. Its no was to the command and not to the message.
            self._offers = self._offers.without("CHUNKING")
            answers = await self._transact(envelope, content, needs, before_dot)
        return answers

    async def ask(self, phase: Phase, line: str) -> Reply:
        """Say one command outside of `send` and wait for the reply, whatever it says; for probes of an envelope.

        Args:
            phase: which it belongs to.
            line: without its line end; of printable ASCII.

        Raises:
            NetError: no reply came; the session is of no more use.
        """
        self._wire.require(phase)
        return await self._wire.command(phase, f"{line}\r\n".encode(), self._timeouts.of(phase))

    async def quit(self) -> None:
        """Say goodbye and close. Raises nothing."""
        if self.is_usable:
            await self._wire.quit(self._timeouts.quit_s)
        self._wire.abort()

    def abort(self) -> None:
        """Close at once."""
        self._wire.abort()

    async def _transact(
        self, envelope: Envelope, content: Content, needs: MessageNeeds, before_dot: BeforeDot
    ) -> Mapping[Mailbox, Answer]:
        plan = plan_transaction(
            envelope,
            needs.mail_parameters(self._offers),
            self._offers,
            needs.content.size_bytes,
            may_gamble=self._wire.silence_s < GAMBLE_S and not content.is_streamed,
        )
        transaction = Transaction(envelope)
        try:
            is_clean = await Sending(transaction, content, self._wire, self._timeouts, before_dot).run(plan)
        except BaseException:
            self.abort()
            raise
        if not is_clean:
            await self._reset()
        return transaction.answers

    async def _reset(self) -> None:
        """Back to where MAIL may be said, or the session is of no more use."""
        if not self.is_usable:
            return
        try:
            reply = await self._wire.command(Phase.MAIL, b"RSET\r\n", self._timeouts.command_s)
        except NetError:
            return
        if not reply.is_positive:
            self.abort()


def _is_unknown(answers: Mapping[Mailbox, Answer]) -> bool:
    """Whether the command that carried the message is not known (RFC 5321 §4.2.4)."""
    bodies = [one for one in answers.values() if isinstance(one, Refused) and one.phase is Phase.BODY]
    return bool(bodies) and all(one.reply.code in {500, 502, 504} for one in bodies)

"""One mail transaction as a value that is told the replies and knows what they mean for whom. Pure: it sends nothing.

`plan_transaction` decides which commands travel together; `Transaction` pairs every reply with the command it answers:

    AT_ONCE    MAIL RCPT.. BDAT-LAST+message |                        one round trip: PIPELINING and CHUNKING
    PIPELINED  MAIL RCPT.. DATA | message .                           two: PIPELINING
               MAIL RCPT.. | BDAT-LAST message                        two: both, and a message too large to gamble with
    STEPWISE   MAIL | RCPT | .. | DATA | message .                    neither

A recipient keeps the first answer he was given. After a refused MAIL a server that accepts a recipient all the same is
out of step, and nothing it says can be believed.

RFC 5321 §3.3, §4.1.1; RFC 2920 §3.1 (what may travel together; 354 although nobody was accepted), RFC 3030 §2, §4.2.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final, TypeAlias, assert_never

from maild.mail.address import Mailbox
from maild.mail.envelope import Envelope
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.smtp.answer import Accepted, Answer, Broken, Refused
from maild.net.smtp.capabilities import Capabilities
from maild.net.smtp.notification import rcpt_words
from maild.net.step import NetError, Reason

AT_ONCE_BYTES: Final = 64 * 1024
"""A message up to this travels together with its envelope, in vain if everybody is refused."""

END_OF_NOTHING: Final = b".\r\n"
"""What a server gets that says 354 although nobody is there to receive anything (RFC 2920 §3.1)."""


@dataclass(frozen=True, slots=True)
class Mail:
    """MAIL FROM."""

    phase: ClassVar = Phase.MAIL


@dataclass(frozen=True, slots=True)
class Rcpt:
    """RCPT TO one recipient."""

    phase: ClassVar = Phase.RCPT
    mailbox: Mailbox


@dataclass(frozen=True, slots=True)
class Data:
    """DATA."""

    phase: ClassVar = Phase.DATA


@dataclass(frozen=True, slots=True)
class Body:
    """The end of the message: the final dot, or the last octet of BDAT LAST."""

    phase: ClassVar = Phase.BODY


@dataclass(frozen=True, slots=True)
class Nothing:
    """The lone dot for a 354 that nobody is behind."""

    phase: ClassVar = Phase.BODY


Command: TypeAlias = Mail | Rcpt | Data | Body | Nothing


_MAIL, _DATA = Mail(), Data()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Commands that are written together, and what they are."""

    text: bytes
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionPlan:
    """How a transaction travels.

    Attributes:
        groups: the envelope, each group after the replies to the one before.
        is_chunked: the message goes by BDAT LAST, else dot-stuffed after DATA.
        is_at_once: it follows the one group in the same breath.
        size_bytes: of the message.
    """

    groups: tuple[Group, ...]
    size_bytes: int
    is_chunked: bool
    is_at_once: bool


def plan_transaction(
    envelope: Envelope, parameters: tuple[bytes, ...], capabilities: Capabilities, size_bytes: int, *, may_gamble: bool
) -> TransactionPlan:
    """Which commands travel together.

    Args:
        envelope: its paths hold no control character.
        parameters: of MAIL.
        capabilities: what the server offers.
        size_bytes: of the message.
        may_gamble: whether the session is known to be alive, so that a message is unlikely to be sent into the void,
            whose fate would then be uncertain.
    """
    is_chunked = capabilities.offers("CHUNKING")
    is_pipelined = capabilities.offers("PIPELINING")
    said: list[tuple[bytes, Command]] = [
        (b" ".join((b"MAIL FROM:" + _path(envelope.sender), *parameters)) + b"\r\n", _MAIL)
    ]
    ending = rcpt_words(envelope.wish, capabilities) + b"\r\n"
    said += [(b"RCPT TO:" + _path(mailbox) + ending, Rcpt(mailbox)) for mailbox in envelope.recipients]
    if not is_chunked:
        said.append((b"DATA\r\n", _DATA))
    groups: tuple[Group, ...]
    if is_pipelined:
        groups = (Group(text=b"".join([text for text, _ in said]), commands=tuple([command for _, command in said])),)
    else:
        groups = tuple(Group(text=text, commands=(command,)) for text, command in said)
    is_at_once = is_pipelined and is_chunked and may_gamble and size_bytes <= AT_ONCE_BYTES
    return TransactionPlan(groups=groups, size_bytes=size_bytes, is_chunked=is_chunked, is_at_once=is_at_once)


class Transaction:
    """Collects the answers.

    Attributes:
        answers: of those who have one.
        is_going_on: whether the next group, or the message, should be sent.
        wants_data: the server said 354 and waits for a message.
    """

    __slots__ = ("_envelope", "_is_mail_refused", "answers", "is_going_on", "wants_data")

    def __init__(self, envelope: Envelope) -> None:
        self._envelope: Final = envelope
        self._is_mail_refused = False
        self.answers: Final[dict[Mailbox, Answer]] = {}
        self.is_going_on = True
        self.wants_data = False

    @property
    def pending(self) -> tuple[Mailbox, ...]:
        """Those without an answer yet, which is: not refused so far."""
        if not self.answers:
            return self._envelope.recipients
        return tuple(mailbox for mailbox in self._envelope.recipients if mailbox not in self.answers)

    def settle(self, answer: Answer, mailboxes: Iterable[Mailbox] | None = None) -> None:
        """Give these, or all who have none, this answer; who has one keeps it."""
        for mailbox in self.pending if mailboxes is None else mailboxes:
            self.answers.setdefault(mailbox, answer)
        self.is_going_on = len(self.answers) < len(self._envelope.recipients)

    def take(self, command: Command, reply: Reply) -> None:
        """The reply to a command.

        Raises:
            NetError: Reason.PROTOCOL: the command cannot have this reply; whatever the server thinks we are at, it is
                not this.
        """
        if reply.code == 421:
            # RFC 5321 §3.8: the server closes; what it accepted before is off too.
            self.settle(Refused(phase=command.phase, reply=reply))
            return
        match command:
            case Mail():
                self._take_mail(reply)
            case Rcpt(mailbox=mailbox):
                self._take_rcpt(mailbox, reply)
            case Data():
                self._take_data(reply)
            case Body():
                self._take_body(reply)
            case Nothing():
                # Whatever it says to nothing for nobody: it is at the end of the message again.
                self.wants_data = False
            case _:
                assert_never(command)

    def _take_mail(self, reply: Reply) -> None:
        if not _is_yes(Phase.MAIL, reply):
            self._is_mail_refused = True
            self.settle(Refused(phase=Phase.MAIL, reply=reply))

    def _take_rcpt(self, mailbox: Mailbox, reply: Reply) -> None:
        if not _is_yes(Phase.RCPT, reply):
            self.settle(Refused(phase=Phase.RCPT, reply=reply), (mailbox,))
        elif self._is_mail_refused:
            raise self._out_of_step(Phase.RCPT, reply)

    def _take_data(self, reply: Reply) -> None:
        if reply.code == 354:
            self.wants_data = True
            self.is_going_on = bool(self.pending)
        elif reply.is_transient or reply.is_permanent:
            self.settle(Refused(phase=Phase.DATA, reply=reply))
        else:
            raise _senseless(Phase.DATA, reply, f"to {Phase.DATA}")

    def _take_body(self, reply: Reply) -> None:
        if not _is_yes(Phase.BODY, reply):
            self.settle(Refused(phase=Phase.BODY, reply=reply))
        elif self._is_mail_refused:
            raise self._out_of_step(Phase.BODY, reply)
        else:
            self.settle(Accepted(reply=reply))
        self.wants_data = False

    def _out_of_step(self, phase: Phase, reply: Reply) -> NetError:
        # Its refusal may have been the answer to something else, so nobody can be told that he was refused.
        self.answers.clear()
        return _senseless(phase, reply, f"to {phase} after it had refused the sender")

    def break_off(self, error: NetError, *, is_uncertain: bool) -> None:
        """It cannot go on. Nobody is uncertain who was refused before."""
        self.settle(Broken(error=error, is_uncertain=is_uncertain))


def _is_yes(phase: Phase, reply: Reply) -> bool:
    if reply.is_positive:
        return True
    if reply.is_transient or reply.is_permanent:
        return False
    raise _senseless(phase, reply, f"to {phase}")


def _senseless(phase: Phase, reply: Reply, what: str) -> NetError:
    return NetError(phase, Reason.PROTOCOL, f"the server answered {what}: {reply}", reply=reply)


@lru_cache(maxsize=1024)
def _path(mailbox: Mailbox | None) -> bytes:
    """RFC 5321 §4.1.2: a path in its brackets; `<>` is the null sender."""
    return b"<>" if mailbox is None else f"<{mailbox}>".encode()

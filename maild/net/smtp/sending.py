"""Carries out one transaction: writes what its plan says, hears the replies, and knows whether the end was sent.

Shell code between `Transaction`, which understands, and `Wire`, which writes. What decides between "not delivered" and
"cannot be known" is here: from the moment the last octet of the message is handed over until its answer is there,
whatever breaks is uncertain (RFC 1047), unless that octet still lies here when we give up waiting. A message of which a
part is on the wire cannot be taken back, so whatever breaks then closes the connection.
"""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.net.smtp.content import Content
from maild.net.smtp.framing import Framer, chunked, dot_stuffed, last_chunk
from maild.net.smtp.server import Timeouts
from maild.net.smtp.transaction import (
    END_OF_NOTHING,
    Body,
    Command,
    Group,
    Nothing,
    Transaction,
    TransactionPlan,
)
from maild.net.smtp.wire import Wire
from maild.net.step import NetError, Reason

BeforeDot: TypeAlias = Callable[[tuple[Mailbox, ...]], Awaitable[None]]

_BODY: Final = Body()
_END: Final = (_BODY,)

ONE_WRITE_BYTES: Final = 64 * 1024
"""A message up to this is handed over as a whole; of a larger one no more than the transport wants."""


class Sending:
    """One transaction on the wire; `run` it once."""

    def __init__(
        self, transaction: Transaction, content: Content, wire: Wire, timeouts: Timeouts, before_dot: BeforeDot
    ) -> None:
        self._transaction: Final = transaction
        self._content: Final = content
        self._wire: Final = wire
        self._timeouts: Final = timeouts
        self._before_dot: Final = before_dot
        self._is_ended = False
        self._is_accepted = False

    async def run(self, plan: TransactionPlan) -> bool:
        """Give every recipient an answer, and close the connection where it is of no more use.

        Returns:
            Whether MAIL may follow at once; otherwise RSET has to come first.

        Raises:
            whatever `before_dot` raises.
        """
        try:
            await (self._send_at_once(plan.groups[0]) if plan.is_at_once else self._send(plan))
        except NetError as error:
            self._wire.abort()
            # Where it was noticed matters less than what it may have cut off.
            at_end = NetError(Phase.BODY, error.reason, error.detail, reply=error.reply)
            is_uncertain = self._is_ended and not self._wire.is_cut_short
            self._transaction.break_off(at_end if self._is_ended else error, is_uncertain=is_uncertain)
        return self._is_accepted

    async def _send_at_once(self, group: Group) -> None:
        await self._before_dot(self._transaction.pending)
        self._wire.require(Phase.MAIL)
        commands = (*group.commands, _BODY)
        self._is_ended = True
        self._wire.write(group.text + chunked(self._content.start), replies=len(commands))
        await self._hear(commands)

    async def _send(self, plan: TransactionPlan) -> None:
        transaction = self._transaction
        for group in plan.groups:
            self._wire.write(group.text, replies=len(group.commands))
            await self._hear(group.commands)
            if not transaction.is_going_on:
                break
        if transaction.is_going_on:
            await self._before_dot(transaction.pending)
            # That may have taken longer than the server waits; into a closed connection nothing is sent.
            self._wire.require(Phase.DATA)
            await self._send_message(plan)
        elif transaction.wants_data and self._wire.is_open:
            self._wire.write(END_OF_NOTHING, replies=1)
            await self._hear((Nothing(),))

    async def _send_message(self, plan: TransactionPlan) -> None:
        start = self._content.start
        if self._content.is_streamed or len(start) > ONE_WRITE_BYTES:
            await self._stream(plan)
            return
        self._is_ended = True
        self._wire.write(chunked(start) if plan.is_chunked else dot_stuffed(start), replies=1)
        await self._hear(_END)

    async def _stream(self, plan: TransactionPlan) -> None:
        """Write it in blocks, each when the transport takes it. A server may refuse in the middle, and stop reading."""
        wire, framer = self._wire, Framer(is_chunked=plan.is_chunked)
        # The last block is held back: until it is written the message is not complete.
        held = last_chunk(plan.size_bytes) if plan.is_chunked else b""
        owed = 1
        async for block in self._content.blocks():
            wire.write(held, replies=owed)
            held, owed = framer.feed(block), 0
            if framer.size_bytes > plan.size_bytes:
                break
            await wire.flow(Phase.BODY, self._timeouts.block_s)
            if wire.has_reply:
                await self._hear_early()
                return
        end = framer.finish()
        if framer.size_bytes != plan.size_bytes:
            # With BDAT the server would wait for what is missing, or take what is too much for commands.
            words = "the message's body changed in the spool while it was being sent"
            raise NetError(Phase.BODY, Reason.LOCAL, words)
        self._is_ended = True
        wire.write(held + end)
        await self._hear(_END)

    async def _hear_early(self) -> None:
        """An answer before the end of the message; only a refusal makes sense then."""
        reply = await self._wire.reply(Phase.BODY, self._timeouts.end_s)
        if not (reply.is_transient or reply.is_permanent):
            raise NetError(Phase.BODY, Reason.PROTOCOL, "the server answered before the end of the message")
        self._transaction.take(_BODY, reply)
        self._wire.abort()

    async def _hear(self, commands: tuple[Command, ...]) -> None:
        """The replies to these, each for its command."""
        wire = self._wire
        for command in commands:
            reply = wire.next_reply() or await wire.reply(command.phase, self._timeouts.of(command.phase))
            self._transaction.take(command, reply)
            if reply.code == 421:
                # Nothing more will be answered, and nothing more was done.
                return
            self._is_accepted = isinstance(command, Body) and reply.is_positive

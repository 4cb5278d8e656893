"""What is known of a message whose end was handed over, by how far it came."""

import asyncio
import socket
from typing import Final

from maild.mail.envelope import Envelope
from maild.net.smtp.answer import Broken
from maild.net.smtp.capabilities import Capabilities
from maild.net.smtp.content import Content
from maild.net.smtp.sending import Sending
from maild.net.smtp.transaction import Transaction, plan_transaction
from maild.net.smtp.wire import Wire
from maild.net.step import Reason
from tests.fakes.smtp_server import CHUNKING
from tests.net.smtp.visit import ANNA, IMPATIENT, SENDER

MESSAGE: Final = b"Subject: hello\r\n\r\n" + b"x" * 60_000 + b"\r\n"
ENVELOPE: Final = Envelope(sender=SENDER, recipients=(ANNA,))


def answer_of_a_silent_server(*, is_reading: bool) -> Broken:
    """Everything travels at once; the line between the two holds a few kilobytes."""

    async def scenario() -> Broken:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            theirs.setblocking(False)  # noqa: FBT003 -- its parameter has no name
            transport, _ = await loop.create_connection(asyncio.Protocol, sock=ours)
            wire = Wire(transport, loop)
            transport.set_protocol(wire)
            if is_reading:
                loop.add_reader(theirs, theirs.recv, 1 << 20)
            transaction, offers = Transaction(ENVELOPE), Capabilities.parse("\n".join(("mail.test", *CHUNKING)))
            plan = plan_transaction(ENVELOPE, (), offers, len(MESSAGE), may_gamble=True)
            await Sending(transaction, Content.of(MESSAGE), wire, IMPATIENT, _note).run(plan)
            loop.remove_reader(theirs)
            (answer,) = transaction.answers.values()
            assert isinstance(answer, Broken)
            return answer

    return asyncio.run(scenario())


async def _note(_recipients: object) -> None:
    """Nothing is written down here."""


def test_a_silent_server_that_read_everything_may_have_the_message() -> None:
    answer = answer_of_a_silent_server(is_reading=True)

    assert (answer.error.reason, answer.is_uncertain) == (Reason.TIMEOUT, True)


def test_a_silent_server_to_which_the_end_never_went_out_does_not_have_the_message() -> None:
    answer = answer_of_a_silent_server(is_reading=False)

    assert (answer.error.reason, answer.is_uncertain) == (Reason.TIMEOUT, False)

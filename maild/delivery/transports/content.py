"""A message taken apart, for transports that cannot send it as it is. Shell code: reads the body where it is a file."""

import asyncio
from typing import Final, assert_never

from maild.delivery.outgoing import Outgoing
from maild.delivery.transports.form_message import FormMessage, take_apart
from maild.mail.phase import Phase
from maild.net.bulk import read_bulk
from maild.net.step import NetError, Reason
from maild.spool.queue import FileBody, InlineBody

SMALL_BYTES: Final = 128 * 1024
"""A larger message is taken apart in a thread: it would hold everybody else up."""


async def taken_apart(outgoing: Outgoing) -> FormMessage:
    """The message as a form has it; its large attachments stay in the spool until they are sent.

    Raises:
        FormError: it cannot be taken apart.
        NetError: Reason.LOCAL: the body's file cannot be read now.
    """
    if outgoing.size_bytes < SMALL_BYTES and isinstance(outgoing.body, InlineBody):
        return _taken_apart(outgoing)
    try:
        return await asyncio.to_thread(_taken_apart, outgoing)
    except OSError as error:
        words = f"the message's body cannot be read from the spool: {error.strerror}"
        raise NetError(Phase.BODY, Reason.LOCAL, words) from error


def _taken_apart(outgoing: Outgoing) -> FormMessage:
    match outgoing.body:
        case InlineBody(data=data):
            return take_apart(b"%b\r\n%b" % (outgoing.head, data))
        case FileBody(path=path):
            rest, bulk = read_bulk(path)
            return take_apart(b"%b\r\n%b" % (outgoing.head, rest), bulk)
        case _:
            assert_never(outgoing.body)

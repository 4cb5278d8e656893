"""A message's bytes, for transports that need them whole."""

import asyncio
from typing import assert_never

from maild.delivery.outgoing import Outgoing
from maild.mail.phase import Phase
from maild.net.step import NetError, Reason
from maild.spool.queue import FileBody, InlineBody


async def read_content(outgoing: Outgoing) -> bytes:
    """Header, blank line and body in wire form; not dot-stuffed.

    Raises:
        NetError: Reason.LOCAL: the body's file cannot be read now.
    """
    match outgoing.body:
        case InlineBody(data=data):
            body = data
        case FileBody(path=path):
            try:
                body = await asyncio.to_thread(path.read_bytes)
            except OSError as error:
                words = f"the message's body cannot be read from the spool: {error.strerror}"
                raise NetError(Phase.BODY, Reason.LOCAL, words) from error
        case _:
            assert_never(outgoing.body)
    return b"%b\r\n%b" % (outgoing.head, body)

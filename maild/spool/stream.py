"""Streams: the queue's messages, told apart by how urgent they are and by who sends them. Pure.

A stream is a small number that a message gets on arrival and keeps. The senders of one priority share 32 streams by the
hash of their address, so what has to be remembered is bounded however many senders there are, and streams take turns
(`delivery.turns`): a sender's flood delays nobody but itself and, of 32 others, about one.
"""

from typing import Final, assert_never
from zlib import crc32

from maild.mail.address import Mailbox
from maild.mail.header import Header
from maild.mail.priority import Priority
from maild.spool.arrival import NORMAL_STREAM, AccountSender, NullSender, SenderChoice

_PRIORITIES: Final = tuple(Priority)

STREAMS_EACH: Final = NORMAL_STREAM // _PRIORITIES.index(Priority.NORMAL)
"""Streams of one priority."""


def stream_of(priority: Priority, sender: SenderChoice, header: Header) -> int:
    """The stream of a message.

    Args:
        priority: how urgent it is.
        sender: its reverse-path; where that is the account's own address, the author in the header tells who it is.
        header: its header.
    """
    match sender:
        case Mailbox():
            key = str(sender)
        case NullSender():
            key = "<>"
        case AccountSender():
            key = _author(header)
        case _:
            assert_never(sender)
    return _PRIORITIES.index(priority) * STREAMS_EACH + crc32(key.lower().encode()) % STREAMS_EACH


def priority_of_stream(stream: int) -> Priority:
    """How urgent the messages of a stream are."""
    return _PRIORITIES[stream // STREAMS_EACH]


def _author(header: Header) -> str:
    """What stands for the address of the first From; a name beside it may differ from message to message."""
    text = next((field.text for field in header.fields if field.name == "from"), "")
    return text.rpartition("<")[2].partition(">")[0].strip()

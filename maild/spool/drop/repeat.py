"""Drops that came again under an idempotency key: which of those that the queue knew already. Pure.

The others were taken in before a crash and only have to be removed; the receipt under their name is their message's.
"""

from collections.abc import Sequence
from datetime import datetime

from maild.spool.drop.outcome import Copied
from maild.spool.events import DropRepeated
from maild.spool.queue import QueuedMessage, QueueId


def repeats_of(
    known: Sequence[tuple[Copied, QueueId]], earlier: Sequence[QueuedMessage], now: datetime
) -> tuple[DropRepeated, ...]:
    """Those whose name has no receipt yet, because the message of their key was another drop's or none.

    Args:
        known: drops and the ids of the messages that they turned out to be.
        earlier: those messages, as far as they are still in the queue's history.
        now: when they came.
    """
    drops = {message.id: message.drop for message in earlier}
    return tuple(
        DropRepeated(drop=one.found.drop, id=id_, of=drops.get(id_), repeated_at=now)
        for one, id_ in known
        if one.arrival.idempotency_key is not None and drops.get(id_) != one.found.drop
    )

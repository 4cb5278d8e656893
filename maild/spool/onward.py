"""The envelope file that sends a message on: to whoever did not get it, by the way and under the wishes it had. Pure.

For messages that leave the queue as files: those that failed, and those that are exported.
"""

from datetime import datetime, timedelta
from typing import Final

from maild.mail.address import Mailbox
from maild.mail.priority import Priority
from maild.spool.queue import QueuedMessage, RecipientState
from maild.spool.sidecar import Sidecar
from maild.spool.stream import priority_of_stream

_SHORTEST: Final = timedelta(seconds=1)


def undelivered(message: QueuedMessage) -> tuple[Mailbox, ...]:
    """Who did not get it. A copy is added anew by the account that wants it."""
    return tuple(
        one.mailbox for one in message.recipients if not one.is_copy and one.state is not RecipientState.DELIVERED
    )


def onward_envelope(message: QueuedMessage, now: datetime) -> Sidecar:
    """What an envelope file says of it. What is done with has its whole lifetime again, what waits what is left."""
    not_before = message.next_at if message.changed_at is None and message.next_at > now else None
    priority = priority_of_stream(message.stream)
    left = message.expires_at - max(now, not_before or now)
    return Sidecar(
        sender=message.sender,
        recipients=undelivered(message),
        account=message.account,
        lifetime=None if message.state.is_history else max(left, _SHORTEST),
        not_before=not_before,
        # Imported twice, it is one message.
        idempotency_key=f"again {message.id}",
        wish=message.wish,
        priority=None if priority is Priority.NORMAL else priority,
    )

"""A message on its way from one queue to another, as a value: everything that is known of it, and its content. Pure."""

from dataclasses import dataclass
from datetime import datetime

from maild.spool.queue import Arrival, Leased, Occasion


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A message with its content.

    Attributes:
        key: the idempotency key that it came with.
        owed: what somebody is to be told about it still, and since when.
    """

    content: Leased
    key: str | None = None
    owed: tuple[tuple[datetime, Occasion], ...] = ()

    @property
    def arrival(self) -> Arrival:
        """What it was when it came in, as far as that matters to who keeps it: its content and its key."""
        message = self.content.message
        return Arrival(
            id=message.id,
            sender=message.sender,
            recipients=tuple(recipient.mailbox for recipient in message.recipients),
            head=self.content.head,
            body=self.content.body,
            message_id=message.message_id,
            received_at=message.received_at,
            expires_at=message.expires_at,
            account=message.account,
            drop=message.drop,
            idempotency_key=self.key,
            wish=message.wish,
            notes=message.notes,
            stream=message.stream,
        )

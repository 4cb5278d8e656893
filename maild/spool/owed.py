"""Reports that are owed: values that say what somebody is to be told about a message. Pure.

`maild.spool.queue` re-exports them.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from maild.spool.message import QueuedMessage, QueuedRecipient, RecipientState


class Occasion(StrEnum):
    """What a report is about (the values are the actions of RFC 3464 §2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    RELAYED = "relayed"
    """Asked for by NOTIFY=SUCCESS: the provider took it, and says no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedReport:
    """A report that somebody is to get about a message; written down together with what it is about.

    Attributes:
        at: when that happened. A report of a failure is about the recipients whose verdict is of this instant.
    """

    message: QueuedMessage
    occasion: Occasion
    at: datetime

    @property
    def recipients(self) -> tuple[QueuedRecipient, ...]:
        """Whom it is about; copies that the account asked for are nobody's business."""
        return tuple(one for one in self.message.recipients if not one.is_copy and self._is_meant(one))

    def _is_meant(self, recipient: QueuedRecipient) -> bool:
        match self.occasion:
            case Occasion.FAILED:
                return recipient.state is RecipientState.FAILED and recipient.verdict_at == self.at
            case Occasion.DELAYED:
                return not recipient.is_final
            case Occasion.RELAYED:
                return recipient.state is RecipientState.DELIVERED
            case _:
                assert_never(self.occasion)

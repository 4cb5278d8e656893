"""A session in use by its courier: since when, for how many messages, and whether it may carry another one."""

from dataclasses import dataclass

from maild.delivery.session_terms import SessionTerms
from maild.delivery.transports.transport import Session
from maild.net.keys import Key


@dataclass(slots=True, kw_only=True)
class UsedSession:
    """See above.

    Attributes:
        key: what it was opened with.
        opened_at: on the event loop's clock.
        most: messages that it may carry.
        terms: how long it is kept.
        lowerings: of the lane's cap when the last message began.
        epoch: of the lane when it was opened; a session of an older epoch sends nothing more.
    """

    session: Session
    key: Key | None
    opened_at: float
    epoch: int
    most: int
    terms: SessionTerms
    messages_sent: int = 0
    lowerings: int = 0

    def may_go_on(self, now: float, epoch: int) -> bool:
        """Whether it may carry another message; `now` is on the event loop's clock."""
        return (
            self.session.is_usable
            and self.epoch == epoch
            and self.messages_sent < self.most
            and now - self.opened_at < self.terms.lifetime.total_seconds()
        )

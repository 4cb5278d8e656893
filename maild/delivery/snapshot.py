"""What delivery is doing at one moment, as a value, for the status page and the gauges. Pure; cheap to make."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from maild.delivery.breaker import Breaker
from maild.spool.allowance import Allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSnapshot:
    """One account.

    Attributes:
        breaker: whether it may send, and if not, why and until when.
        waiting: messages known to be this account's that are not being sent: due ones behind its limits or its
            breaker, and deferred ones whose last attempt went through it.
        in_flight: messages being sent now.
        sessions: open sessions.
        connections: how many it may have.
        blocked_until: when its budget lets the next message go; None: not held back by it.
        blocked_by: what of the budget is used up then, as the beginning of a sentence.
        lowered: what its provider turned out to allow less than is known of it.
        day_left: recipients left in its rolling day; None without such a limit.
        delivered, deferred, failed, uncertain: verdicts since the engine started, by recipient.
    """

    breaker: Breaker
    waiting: int
    in_flight: int
    sessions: int
    connections: int
    blocked_until: datetime | None
    blocked_by: str
    lowered: tuple[Allowance, ...]
    day_left: int | None
    delivered: int
    deferred: int
    failed: int
    uncertain: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySnapshot:
    """All of it.

    Attributes:
        generation: of the plan in force; 0 before the first.
        accounts: by name.
        waiting: messages that wait, whatever for.
        in_flight: messages being sent now.
        unroutable: those of the waiting for which no account can be found.
        next_at: when the next deferred message is due; None when there is none.
        trouble: why nothing can be sent now although it should (the queue's storage), else empty.
        is_stopping: no more messages are begun.
    """

    generation: int
    accounts: Mapping[str, AccountSnapshot]
    waiting: int
    in_flight: int
    unroutable: int
    next_at: datetime | None
    trouble: str
    is_stopping: bool

"""One attempt: a leased message on its way through one account or, when its recipients go different ways, several.

Mutable, and shared by the parts it was split into. It knows what was tried and what came of it; it writes nothing.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from maild.config.delivery_settings import OnUncertain
from maild.delivery.lifetime import expiry
from maild.delivery.outcome import Circumstances, Outcome, conclude
from maild.mail.address import Mailbox
from maild.mail.note import Note
from maild.mail.verdict import Verdict
from maild.spool.queue import AttemptRecord, Leased, MessageState, QueuedMessage, QueuedRecipient


class Home(Enum):
    """Where a message that stays queued waits."""

    SCHEDULE = auto()
    """For its time."""
    LANE = auto()
    """For its account: the breaker, the budget, or its turn."""
    NOWHERE = auto()
    """For a configuration that has a way for it."""


@dataclass(slots=True, kw_only=True)
class Attempt:
    """What is under way with one message.

    Attributes:
        leased: the message with its content, as it was taken out.
        message: the message as it was last written, with the copies that were added since.
        begun_at: when it was taken out.
        open_parts: parts that are not finished.
        verdicts: of this attempt, written or about to be.
        home: where it waits if it stays queued and nothing was charged.
        lane: the account in whose lane it waits then.
        blocked_until: when that account may send again, as far as is known.
        is_first: whether it waits in front of the others there: it had its turn and was not tried.
        may_detour: whether it was on its way through an account that turned out to be closed.
        unwritten: the record that is being written; not None when its writer was cancelled.
        is_to_hold: whether somebody has to decide before it is tried again, since an answer was lost.
        notes: what was done to the message on its way out, and is not written yet.
        dotted: recipients for whom the end of the message may have been sent and no verdict is written yet.
    """

    leased: Leased
    message: QueuedMessage
    begun_at: datetime
    open_parts: int = 0
    verdicts: dict[Mailbox, Verdict] = field(default_factory=dict)
    home: Home = Home.SCHEDULE
    lane: str | None = None
    blocked_until: datetime | None = None
    is_first: bool = False
    may_detour: bool = False
    unwritten: AttemptRecord | None = None
    dotted: set[Mailbox] = field(default_factory=set)
    notes: tuple[Note, ...] = ()
    is_to_hold: bool = False

    @classmethod
    def of(cls, leased: Leased, begun_at: datetime) -> "Attempt":
        """The attempt that begins with this lease."""
        return cls(leased=leased, message=leased.message, begun_at=begun_at)

    def add_copy(self, mailbox: Mailbox) -> bool:
        """Note a copy's recipient; False when that address is a recipient already."""
        if any(recipient.mailbox == mailbox for recipient in self.message.recipients):
            return False
        copy = QueuedRecipient(mailbox=mailbox, is_copy=True)
        self.message = replace(self.message, recipients=(*self.message.recipients, copy))
        return True

    def wait_for(self, account: str, until: datetime | None, *, is_first: bool = False) -> None:
        """The account cannot take it now: unless something else decides, the message waits for it."""
        self.home, self.lane, self.blocked_until, self.is_first = Home.LANE, account, until, is_first
        self.may_detour = True

    def partial_record(self, account: str, verdicts: dict[Mailbox, Verdict], now: datetime) -> AttemptRecord:
        """What to write while other transactions of the attempt are still to come."""
        self.verdicts |= verdicts
        return AttemptRecord(
            id=self.message.id,
            account=account,
            verdicts=verdicts,
            next_state=MessageState.SENDING,
            next_at=now,
            finished_at=now,
            is_charged=False,
            notes=self.notes,
        )

    def final_record(
        self, account: str | None, verdicts: dict[Mailbox, Verdict], circumstances: Circumstances
    ) -> tuple[AttemptRecord, Outcome]:
        """What to write at the end of the attempt, and what it came to."""
        self.verdicts |= verdicts
        if self.blocked_until is not None and (self.home is not Home.LANE or circumstances.pool):
            circumstances = replace(circumstances, blocked_until=self.blocked_until)
        if self.is_to_hold:
            settings = replace(circumstances.settings, on_uncertain=OnUncertain.HOLD)
            circumstances = replace(circumstances, settings=settings)
        own = None if account is None else circumstances.settings.lifetime
        expires_at = expiry(self.leased, self.begun_at, circumstances.usual_lifetime, own)
        message = self.leased_with_copies
        outcome = conclude(message, self.verdicts, circumstances, expires_at)
        record = AttemptRecord(
            id=self.message.id,
            account=account,
            verdicts={**verdicts, **outcome.given_up},
            next_state=outcome.state,
            next_at=outcome.next_at,
            finished_at=circumstances.now,
            is_charged=outcome.is_charged,
            notes=self.notes,
            expires_at=None if expires_at == message.expires_at else expires_at,
            pool="" if outcome.is_charged else circumstances.pool,
        )
        return record, outcome

    @property
    def leased_with_copies(self) -> QueuedMessage:
        """The message as it was at the beginning, with every recipient it has now."""
        if len(self.message.recipients) == len(self.leased.message.recipients):
            return self.leased.message
        known = {recipient.mailbox for recipient in self.leased.message.recipients}
        added = tuple(
            QueuedRecipient(mailbox=recipient.mailbox, is_copy=recipient.is_copy)
            for recipient in self.message.recipients
            if recipient.mailbox not in known
        )
        return replace(self.leased.message, recipients=(*self.leased.message.recipients, *added))


@dataclass(slots=True, kw_only=True, eq=False)
class Part:
    """The recipients of an attempt that go through one account."""

    attempt: Attempt
    account: str
    recipients: tuple[Mailbox, ...]
    verdicts: dict[Mailbox, Verdict] = field(default_factory=dict)
    """Written verdicts of this part."""

    def on_the_rest(self, verdict: Verdict) -> dict[Mailbox, Verdict]:
        """The verdict for every recipient that has none."""
        return {mailbox: verdict for mailbox in self.recipients if mailbox not in self.verdicts}

    @property
    def size_bytes(self) -> int:
        """What it holds in memory."""
        return self.attempt.message.size_bytes

"""The queue as a port: what the rest of maild may ask of a durable queue, whatever it is made of.

The calls are few and batched, each is one transaction that is durable when the call returns, and each takes `now`:
nothing here reads a clock. Nobody outside `spool/` knows that today's queue is SQLite.

States of a message, and who moves it:

    accept --> QUEUED --lease--> SENDING --record--> QUEUED (something is still waiting)
                 ^ |                 |                 or SENT / FAILED (every recipient is final)
         release | | hold            | crash: recover() --> QUEUED, or UNCERTAIN recipients where the dot was marked
                 | v
                HELD

A message in SENT, FAILED or DELETED has no body any more; its row is history and is purged after a while.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from maild.errors import TemporaryError
from maild.mail.address import Mailbox
from maild.spool.allowance import Allowance
from maild.spool.arrival import (
    AccountSender,
    Arrival,
    Body,
    FileBody,
    InlineBody,
    NullSender,
    QueueId,
    SenderChoice,
    SourceIdentity,
)
from maild.spool.message import (
    AttemptRecord,
    Census,
    Leased,
    MessageState,
    QueuedMessage,
    QueuedRecipient,
    RecipientState,
    Span,
    Waiting,
)
from maild.spool.owed import Occasion, OwedReport

__all__ = [
    "AccountSender",
    "Arrival",
    "AttemptRecord",
    "Body",
    "Census",
    "FileBody",
    "InlineBody",
    "Leased",
    "MessageState",
    "NullSender",
    "Occasion",
    "OwedReport",
    "Queue",
    "QueueError",
    "QueueFilter",
    "QueueId",
    "QueueInDoubtError",
    "QueuedMessage",
    "QueuedRecipient",
    "RecipientState",
    "SenderChoice",
    "SourceIdentity",
    "Span",
    "UnfitQueueError",
    "Waiting",
]


class QueueError(TemporaryError):
    """The queue's storage cannot do it now: disk full, read-only, broken, locked for too long. Nothing was changed."""


class UnfitQueueError(QueueError):
    """The storage is none that this maild can use: made by a newer one, or not made at all. Waiting does not help."""


class QueueInDoubtError(QueueError):
    """The storage failed in the last step of a change, so this one may turn out to be made after all, at the next start
    at the latest. Whoever asked must be able to ask again, and keep what the change would need.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which messages a command means; everything given must hold.

    Attributes:
        ids: these; history included unless `states` says otherwise.
        drops: from files of these names below the drop folder; history included likewise.
        states: in one of these; None without `ids` and `drops`: all that are not history.
        account: the account of the last attempt, or the one asked for where there was none yet.
        sender: a shell glob on the lower-case address; `<>` is the null sender; the account's own sender never matches.
        recipient: a shell glob on the lower-case address of one recipient.
        received_before: arrived before this.
        received_after: arrived at this instant or after it.
        min_bytes: at least this large; max_bytes: at most.
        error: a piece of what was said last about one recipient, by the server or by us, in any case.
        after: those that come behind this one, by arrival and id; for reading many in pages.
        limit: the oldest so many.
    """

    ids: tuple[QueueId, ...] | None = None
    drops: tuple[str, ...] | None = None
    states: tuple[MessageState, ...] | None = None
    account: str | None = None
    sender: str | None = None
    recipient: str | None = None
    received_before: datetime | None = None
    received_after: datetime | None = None
    min_bytes: int | None = None
    max_bytes: int | None = None
    error: str | None = None
    after: tuple[datetime, QueueId] | None = None
    limit: int | None = None


class Queue(Protocol):
    """A durable queue. Every method raises `QueueError` when the storage fails. Nothing was changed then; where that is
    not certain, it is a `QueueInDoubtError`.
    """

    async def accept(self, arrivals: Sequence[Arrival]) -> tuple[QueueId, ...]:
        """Take messages in, all or none. Where the ledger knows a source already, or an idempotency key was used
        before, the id of then comes back and nothing is added.
        """
        ...

    async def is_taken(self, source: SourceIdentity) -> QueueId | None:
        """The id under which this very file was taken in before, if it was."""
        ...

    async def recover(self, *, now: datetime) -> tuple[QueuedMessage, ...]:
        """Put back what a crash left in SENDING: QUEUED, at the `next_at` that the lease had moved forward; recipients
        whose dot was marked become UNCERTAIN. Leftovers of bodies go away. Returns the messages concerned. For the one
        process that sends, before it leases anything.
        """
        ...

    async def census(self) -> Census:
        """How many are QUEUED, by what they wait for. Reads an entry for each; for the start, and now and then."""
        ...

    async def waiting(self, spans: Sequence[Span]) -> tuple[tuple[Waiting, ...], ...]:
        """What is QUEUED in each of these spans, by `next_at` and id."""
        ...

    async def due(self, *, now: datetime) -> int:
        """How many are QUEUED whose `next_at` has come. Reads an entry for each."""
        ...

    async def changed(self) -> tuple[QueuedMessage, ...]:
        """What other processes (`maild queue …`) changed since the last call; cheap when nothing was."""
        ...

    async def lease(self, ids: Sequence[QueueId], *, now: datetime, next_at: datetime) -> tuple[Leased, ...]:
        """Take messages out for an attempt: QUEUED becomes SENDING and `next_at` is moved forward first, so that a
        crash loop cannot hammer a provider. Those no longer QUEUED are left out of the answer.
        """
        ...

    async def add_copy(self, id_: QueueId, mailbox: Mailbox) -> None:
        """Add the `copy_to` recipient; does nothing when that mailbox is a recipient already or the message history."""
        ...

    async def mark_dot(self, id_: QueueId, recipients: Sequence[Mailbox], *, now: datetime) -> None:
        """Write down that the end of the message is about to be sent for these recipients."""
        ...

    async def record(self, records: Sequence[AttemptRecord]) -> tuple[QueuedMessage, ...]:
        """Write verdicts and the next state; returns the messages as they are now. Bodies of messages that became
        final are removed, those that FAILED only after `spool/failed/` has them.
        """
        ...

    async def show(self, id_: QueueId) -> Leased | None:
        """A message with its content, without changing anything; content is empty for history."""
        ...

    async def select(self, wanted: QueueFilter) -> tuple[QueuedMessage, ...]:
        """The messages that match, oldest first."""
        ...

    async def hold(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        """QUEUED becomes HELD; returns those that changed."""
        ...

    async def release(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        """HELD becomes QUEUED for now; its uncertain recipients wait again. The time it was held is added to its
        expiry. Returns those that changed.
        """
        ...

    async def retry(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        """QUEUED messages are tried now, those for uncertain recipients too; returns those that changed."""
        ...

    async def delete(self, ids: Sequence[QueueId], *, now: datetime) -> tuple[QueuedMessage, ...]:
        """QUEUED or HELD becomes DELETED; returns those that changed."""
        ...

    async def owed_reports(self, limit: int) -> tuple[OwedReport, ...]:
        """The oldest reports that are owed. One is owed as soon as a recipient has failed, or everybody was delivered
        to and the sender asked to hear of it; never about a message of the null sender.
        """
        ...

    async def owe_delays(self, *, received_before: datetime, now: datetime, limit: int) -> int:
        """Look at the next so many messages that arrived before this and were not looked at yet; a report is owed for
        those that still wait. Each message is looked at once. Returns how many were.
        """
        ...

    async def settle(self, reports: Sequence[OwedReport]) -> None:
        """These are not owed any more."""
        ...

    async def counts(self) -> Mapping[MessageState, int]:
        """How many messages stand in each state that is not history."""
        ...

    async def lately_done(self, within: timedelta) -> tuple[str, ...]:
        """The drops of the messages that became history last: within so long before the last one that did."""
        ...

    async def uncertain(self) -> int:
        """How many messages that are not history have a recipient whose answer was lost."""
        ...

    async def sent_since(self, since: datetime) -> Mapping[str, int]:
        """Recipients delivered per account since then, for the rolling day's budget; whole minutes, the begun one
        counted in.
        """
        ...

    async def allowances(self, *, now: datetime) -> Mapping[str, tuple[Allowance, ...]]:
        """What is believed of each account's allowances, by the name of the account; without what has ended."""
        ...

    async def set_allowances(self, allowances: Mapping[str, Sequence[Allowance]]) -> None:
        """This is all that is believed of these accounts from now on."""
        ...

    async def purge(self, *, before: datetime) -> int:
        """Forget history and ledger entries older than this; returns how many messages."""
        ...

    async def close(self) -> None:
        """Finish what is under way and let go of the storage."""
        ...

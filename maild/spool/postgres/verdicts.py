"""What happens in attempts, in one transaction: copies, dots, verdicts, what is owed for them and what they count."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeAlias, assert_never

from maild.mail.address import Mailbox
from maild.mail.verdict import Delivered
from maild.spool import transition
from maild.spool.postgres.debts import owe
from maild.spool.postgres.link import Connection
from maild.spool.postgres.messages import Changed, Stored, load_ids, write
from maild.spool.postgres.nudges import Teller, nudge
from maild.spool.postgres.survey import count_sent
from maild.spool.queue import AttemptRecord, MessageState, QueuedMessage, QueueError, QueueId
from maild.spool.sqlite.rows import minute_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The end of the message is about to be sent for these recipients."""

    id: QueueId
    recipients: Sequence[Mailbox]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The account of the message wants a copy of it for this mailbox."""

    id: QueueId
    mailbox: Mailbox


Work: TypeAlias = Mark | Copy | AttemptRecord
Answer: TypeAlias = tuple[QueuedMessage, ...] | QueueError


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it.

    Attributes:
        answers: for each call the messages of its records as they are now, or why its mark was not made.
        messages: all that were changed.
        bodies: the files of bodies that nobody needs any more.
    """

    answers: Sequence[Answer]
    messages: Sequence[QueuedMessage]
    bodies: frozenset[str]


class InHand(Protocol):
    """What this host has leased."""

    @property
    def held(self) -> Mapping[QueueId, int]:
        """By which owner each message was leased that is in hand."""
        ...

    @property
    def known(self) -> Mapping[QueueId, QueuedMessage]:
        """Those of them that are known as they were written last."""
        ...


class _Page:
    """What one transaction makes of messages, step by step."""

    def __init__(self, first: Mapping[QueueId, Stored], hand: InHand) -> None:
        self.now = dict(first)
        self.sent: list[tuple[str, int, int]] = []
        self.owed: list[tuple[QueuedMessage, AttemptRecord, QueuedMessage]] = []
        self._hand = hand

    def answer(self, works: Sequence[Work]) -> Answer:
        """Do what a call asks for."""
        said: list[QueuedMessage] = []
        for work in works:
            before = self.now.get(work.id)
            if before is None:
                continue
            if isinstance(work, Mark) and work.id in self._hand.held and is_lost(before, self._hand.held):
                return _taken_over(work.id)
            after = self._after(before, work)
            if after is not None:
                self.now[work.id] = replace(before, message=after, owner=_owner(before, after))
            if isinstance(work, AttemptRecord):
                said.append(before.message if after is None else after)
        return tuple(said)

    def _after(self, before: Stored, work: Work) -> QueuedMessage | None:
        match work:
            case Mark(recipients=recipients, now=at):
                return transition.dot_marked(before.message, recipients, now=at)
            case Copy(mailbox=mailbox):
                return transition.with_copy(before.message, mailbox)
            case AttemptRecord():
                after = None if is_lost(before, self._hand.held) else transition.recorded(before.message, work)
                if after is not None:
                    self.owed.append((after, work, before.message))
                    self.sent += _sent(before.message, work)
                return after
            case _:
                assert_never(work)


async def write_all(connection: Connection, teller: Teller, hand: InHand, calls: Sequence[Sequence[Work]]) -> Outcome:
    """Write what these calls say, in their order."""
    first = await _locked(connection, teller, hand, {work.id for works in calls for work in works})
    page = _Page(first, hand)
    answers = [page.answer(works) for works in calls]
    for after, record, before in page.owed:
        await owe(connection, after, transition.reports_owed(before, after), record.finished_at)
    changed = [
        Changed(before=old, after=page.now[id_].message) for id_, old in first.items() if page.now[id_] is not old
    ]
    bodies = await write(connection, changed)
    await count_sent(connection, teller.host, page.sent)
    if not teller.is_sender or any(one.before.origin != teller.host for one in changed):
        await nudge(connection, teller, [(one.after.id, one.before.origin) for one in changed])
    return Outcome(answers=answers, messages=[one.after for one in changed], bodies=bodies)


async def _locked(
    connection: Connection, teller: Teller, hand: InHand, ids: Iterable[QueueId]
) -> dict[QueueId, Stored]:
    """These messages, locked. What is in this hand and known is not read again."""
    query = "SELECT id, owner, origin FROM maild.messages WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
    rows = await (await connection.execute(query, (list(ids),))).fetchall()
    found: dict[QueueId, Stored] = {}
    unknown: list[QueueId] = []
    for id_, owner, origin in rows:
        known = hand.known.get(id_)
        if known is not None and owner is not None and owner == hand.held.get(id_):
            found[id_] = Stored(message=known, owner=owner, origin=origin)
        else:
            unknown.append(id_)
    if unknown:
        found |= {one.message.id: one for one in await load_ids(connection, teller.host, unknown)}
    return found


def is_lost(stored: Stored, held: Mapping[QueueId, int]) -> bool:
    """Whether a message is not in the hands of the one who leased it any more."""
    expected = held.get(stored.message.id)
    if expected is None:
        return stored.message.state is MessageState.SENDING
    return stored.owner != expected


def _taken_over(id_: QueueId) -> QueueError:
    return QueueError(
        f"this host said nothing for longer than a lease lasts, so the message {id_} was taken over by another: "
        f"it is not sent from here"
    )


def _owner(before: Stored, after: QueuedMessage) -> int | None:
    return before.owner if after.state is MessageState.SENDING else None


def _sent(before: QueuedMessage, record: AttemptRecord) -> list[tuple[str, int, int]]:
    delivered = sum(
        1
        for recipient in before.recipients
        if not recipient.is_final and isinstance(record.verdicts.get(recipient.mailbox), Delivered)
    )
    return [(record.account or "", minute_number(record.finished_at), delivered)] if delivered else []

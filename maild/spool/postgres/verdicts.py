"""Writes what became of attempts: verdicts, next states, what is owed for them and what they count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from maild.mail.verdict import Delivered
from maild.spool import transition
from maild.spool.postgres.debts import owe
from maild.spool.postgres.link import Connection
from maild.spool.postgres.messages import Changed, Stored, load_ids, write
from maild.spool.postgres.nudges import Teller, nudge
from maild.spool.postgres.survey import count_sent
from maild.spool.queue import AttemptRecord, MessageState, QueuedMessage, QueueId
from maild.spool.sqlite.rows import minute_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """The messages of the records, as they are now, and the files of bodies that nobody needs any more."""

    messages: tuple[QueuedMessage, ...]
    bodies: frozenset[str]


async def record_all(
    connection: Connection, teller: Teller, held: Mapping[QueueId, int], records: Sequence[AttemptRecord]
) -> Verdicts:
    """Write records in their order; `held` says by which owner messages were leased."""
    found = await load_ids(connection, teller.host, [record.id for record in records], lock="FOR UPDATE")
    first = {one.message.id: one for one in found}
    now = dict(first)
    said: list[QueuedMessage] = []
    sent: list[tuple[str, int, int]] = []
    for record in records:
        before = now.get(record.id)
        if before is None:
            continue
        after = None if is_lost(before, held) else transition.recorded(before.message, record)
        if after is not None:
            now[record.id] = replace(before, message=after, owner=_owner(before, after))
            await owe(connection, after, transition.reports_owed(before.message, after), record.finished_at)
            sent += _sent(before.message, record)
        said.append(before.message if after is None else after)
    changed = [Changed(before=old, after=now[id_].message) for id_, old in first.items() if now[id_] is not old]
    bodies = await write(connection, changed)
    await count_sent(connection, teller.host, sent)
    await nudge(connection, teller, [(one.after.id, one.before.origin) for one in changed])
    return Verdicts(messages=tuple(said), bodies=bodies)


def is_lost(stored: Stored, held: Mapping[QueueId, int]) -> bool:
    """Whether a message is not in the hands of the one who leased it any more."""
    expected = held.get(stored.message.id)
    if expected is None:
        return stored.message.state is MessageState.SENDING
    return stored.owner != expected


def _owner(before: Stored, after: QueuedMessage) -> int | None:
    return before.owner if after.state is MessageState.SENDING else None


def _sent(before: QueuedMessage, record: AttemptRecord) -> list[tuple[str, int, int]]:
    delivered = sum(
        1
        for recipient in before.recipients
        if not recipient.is_final and isinstance(record.verdicts.get(recipient.mailbox), Delivered)
    )
    return [(record.account or "", minute_number(record.finished_at), delivered)] if delivered else []

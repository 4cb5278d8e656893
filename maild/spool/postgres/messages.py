"""Reads and writes whole messages within a transaction: the statements under the shared queue's operations.

Rows are locked in the order of their ids, whoever asks, so that two hosts never wait for each other in a circle.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from maild.spool.postgres.link import Connection
from maild.spool.queue import Arrival, QueuedMessage, QueuedRecipient, QueueId
from maild.spool.sqlite.rows import (
    MESSAGE_COLUMNS,
    RECIPIENT_COLUMNS,
    Row,
    message_of,
    message_row,
    recipient_of,
    recipient_row,
)

_COLUMNS: Final = MESSAGE_COLUMNS.removeprefix("number, ")
_READ: Final = "number, " + _COLUMNS.replace("drop_name", "CASE WHEN origin = %(host)s THEN drop_name END")
"""A drop's name means something on the host that it was dropped on only: no other has a receipt for it."""
_RECIPIENTS: Final = RECIPIENT_COLUMNS.removeprefix("number, ")

_MUTABLE: Final = (
    "state",
    "expires_at",
    "next_at",
    "attempts_made",
    "last_account",
    "changed_at",
    "held_at",
    "notes",
    "pool",
)
_POSITIONS: Final = tuple(MESSAGE_COLUMNS.split(", ").index(name) for name in _MUTABLE)

_UPDATE: Final = (
    f"UPDATE maild.messages SET {', '.join(f'{name} = %s' for name in _MUTABLE)}, "  # noqa: S608 -- our words
    "owner = CASE WHEN %s = 'sending' THEN owner END WHERE id = %s"
)
_INSERT: Final = (
    f"INSERT INTO maild.messages ({_COLUMNS}, origin) "  # noqa: S608 -- our words
    f"VALUES ({', '.join(['%s'] * (len(_COLUMNS.split(', ')) + 1))}) ON CONFLICT (id) DO NOTHING"
)
_INSERT_RECIPIENT: Final = (
    f"INSERT INTO maild.recipients (id, {_RECIPIENTS}) VALUES ({', '.join(['%s'] * 9)}) "  # noqa: S608 -- our words
    "ON CONFLICT (id, position) DO UPDATE SET state = excluded.state, verdict = excluded.verdict, "
    "verdict_at = excluded.verdict_at, dot_at = excluded.dot_at"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A message as the database has it.

    Attributes:
        owner: who has it in SENDING.
        origin: the host that took it in.
    """

    message: QueuedMessage
    owner: int | None
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What became of a message."""

    before: Stored
    after: QueuedMessage


Change: TypeAlias = Callable[[QueuedMessage], QueuedMessage | None]


async def load(
    connection: Connection, host: str, where: str, values: Mapping[str, object], *, order: str = "id"
) -> list[Stored]:
    """The messages of which this is true; `order` is how they come, and whether they are locked."""
    query = f"SELECT {_READ}, owner, origin FROM maild.messages WHERE {where} ORDER BY {order}"  # noqa: S608 -- our words
    rows = await (await connection.execute(query, {"host": host, **values})).fetchall()
    if not rows:
        return []
    recipients = await _recipients(connection, [row[1] for row in rows])
    return [Stored(message=message_of(row, recipients[row[1]]), owner=row[-2], origin=row[-1]) for row in rows]


async def load_ids(connection: Connection, host: str, ids: Iterable[QueueId], *, lock: str = "") -> list[Stored]:
    """The messages of these ids, in the order asked for; `lock` as SQL has it."""
    unique = list(dict.fromkeys(ids))
    found = await load(connection, host, "id = ANY(%(ids)s)", {"ids": unique}, order=f"id {lock}")
    by_id = {one.message.id: one for one in found}
    return [by_id[id_] for id_ in unique if id_ in by_id]


async def changes_of(connection: Connection, host: str, ids: Iterable[QueueId], how: Change) -> list[Changed]:
    """Apply a transition to messages, in the order asked for; returns what is to be written of those that changed."""
    found = await load_ids(connection, host, ids, lock="FOR UPDATE")
    return [Changed(before=one, after=after) for one in found if (after := how(one.message)) is not None]


async def write(connection: Connection, changed: Sequence[Changed]) -> frozenset[str]:
    """Write what messages have become. What became history loses its content; returns the names of its large bodies."""
    messages: list[Row] = []
    recipients: list[Row] = []
    for one in changed:
        before, after = one.before.message, one.after
        row, old = message_row(0, after), message_row(0, before)
        mutable = tuple(row[position] for position in _POSITIONS)
        if mutable != tuple(old[position] for position in _POSITIONS):
            messages.append((*mutable, after.state.value, after.id))
        for position, recipient in enumerate(after.recipients):
            if position >= len(before.recipients) or recipient is not before.recipients[position]:
                recipients.append((after.id, *recipient_row(0, position, recipient)[1:]))
    async with connection.pipeline():
        cursor = connection.cursor()
        if messages:
            await cursor.executemany(_UPDATE, messages)
        if recipients:
            await cursor.executemany(_INSERT_RECIPIENT, recipients)
    forgotten = [one.after.id for one in changed if one.after.state.is_history]
    return await _forget(connection, forgotten) if forgotten else frozenset()


async def _forget(connection: Connection, ids: Sequence[QueueId]) -> frozenset[str]:
    query = "DELETE FROM maild.contents WHERE id = ANY(%s) RETURNING id, body_file"
    rows = await (await connection.execute(query, (list(ids),))).fetchall()
    large = {id_: file for id_, file in rows if file is not None}
    if large:
        await connection.execute("DELETE FROM maild.pieces WHERE id = ANY(%s)", (list(large),))
    return frozenset(large.values())


async def insert(connection: Connection, host: str, added: Sequence[tuple[Arrival, QueuedMessage]]) -> None:
    """Add messages; those whose id is there already stay as they are. Their content is another's part."""
    messages = [(*message_row(0, message)[1:], host) for _, message in added]
    recipients: list[Row] = [
        (message.id, *recipient_row(0, position, recipient)[1:])
        for _, message in added
        for position, recipient in enumerate(message.recipients)
    ]
    async with connection.pipeline():
        cursor = connection.cursor()
        await cursor.executemany(_INSERT, messages)
        await cursor.executemany(_INSERT_RECIPIENT, recipients)


async def known_ids(connection: Connection, ids: Sequence[QueueId]) -> frozenset[QueueId]:
    """Those of these ids that are there."""
    rows = await connection.execute("SELECT id FROM maild.messages WHERE id = ANY(%s)", (list(ids),))
    return frozenset(QueueId(id_) for (id_,) in await rows.fetchall())


async def _recipients(connection: Connection, ids: Sequence[str]) -> Mapping[str, list[QueuedRecipient]]:
    query = f"SELECT id, {_RECIPIENTS} FROM maild.recipients WHERE id = ANY(%s) ORDER BY id, position"  # noqa: S608
    found: defaultdict[str, list[QueuedRecipient]] = defaultdict(list)
    row: tuple[Any, ...]
    for row in await (await connection.execute(query, (list(ids),))).fetchall():
        found[row[0]].append(recipient_of(row))
    return found

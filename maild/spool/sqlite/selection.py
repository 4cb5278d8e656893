"""Finds the messages that a filter means."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from maild.spool.queue import MessageState, QueuedMessage, QueueFilter
from maild.spool.sqlite.messages import Messages
from maild.spool.sqlite.rows import MESSAGE_COLUMNS, Row, instant_number

_LIVING: Final = tuple(state for state in MessageState if not state.is_history)
_LIVING_STATES: Final = frozenset(_LIVING)


def select_messages(
    connection: sqlite3.Connection, messages: Messages, wanted: QueueFilter
) -> tuple[QueuedMessage, ...]:
    """The messages that match, oldest first."""
    if wanted.ids is not None:
        # Ids may be many; they are the strictest part, and the rest is asked of few.
        return _oldest(_among_ids(connection, messages, wanted), wanted.limit)
    conditions, values = _conditions(wanted)
    query = (
        f"SELECT {MESSAGE_COLUMNS} FROM messages WHERE {' AND '.join(conditions)} "  # noqa: S608 -- our words; values apart
        f"ORDER BY received_at, id LIMIT ?"
    )
    rows = connection.execute(query, (*values, -1 if wanted.limit is None else wanted.limit)).fetchall()
    return tuple(message for _, message in messages.with_recipients(connection, rows))


def _among_ids(connection: sqlite3.Connection, messages: Messages, wanted: QueueFilter) -> Iterator[QueuedMessage]:
    conditions, values = _conditions(wanted)
    query = f"SELECT 1 FROM messages WHERE number = ? AND {' AND '.join(conditions)}"  # noqa: S608 -- our words
    for number, message in messages.load(connection, wanted.ids or ()):
        if connection.execute(query, (number, *values)).fetchone() is not None:
            yield message


def _oldest(found: Iterator[QueuedMessage], limit: int | None) -> tuple[QueuedMessage, ...]:
    return tuple(sorted(found, key=lambda message: (message.received_at, message.id))[:limit])


def _conditions(wanted: QueueFilter) -> tuple[list[str], Row]:
    conditions = ["1"]
    values: list[str | int] = []
    is_named = wanted.ids is not None or wanted.drops is not None
    states = _LIVING if wanted.states is None and not is_named else wanted.states
    if states is not None and not is_named and _LIVING_STATES.issuperset(states):
        # In these words, or SQLite would not use the partial index that has them in their order.
        conditions.append("state IN ('queued', 'sending', 'held')")
    if states is not None and frozenset(states) != _LIVING_STATES:
        conditions.append(f"state IN ({', '.join('?' * len(states))})")
        values += [state.value for state in states]
    if wanted.drops is not None:
        conditions.append(f"drop_name IN ({', '.join('?' * len(wanted.drops))})")
        values += wanted.drops
    if wanted.account is not None:
        conditions.append("coalesce(last_account, account) = ?")
        values.append(wanted.account)
    if wanted.sender == "<>":
        conditions.append("sender_kind = 'null'")
    elif wanted.sender is not None:
        conditions.append("sender_kind = 'mailbox' AND glob_address(sender_local, sender_domain, ?)")
        values.append(wanted.sender.lower())
    if wanted.recipient is not None:
        conditions.append(
            "EXISTS (SELECT 1 FROM recipients WHERE recipients.number = messages.number "
            "AND glob_address(local, domain, ?))"
        )
        values.append(wanted.recipient.lower())
    if wanted.error is not None:
        conditions.append(
            "EXISTS (SELECT 1 FROM recipients WHERE recipients.number = messages.number AND says(verdict, ?))"
        )
        values.append(wanted.error.lower())
    if wanted.after is not None:
        conditions.append("(received_at, id) > (?, ?)")
        values += [instant_number(wanted.after[0]), wanted.after[1]]
    for condition, value in _bounds(wanted):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    return conditions, tuple(values)


def _bounds(wanted: QueueFilter) -> tuple[tuple[str, int | None], ...]:
    before, after = wanted.received_before, wanted.received_after
    return (
        ("received_at < ?", None if before is None else instant_number(before)),
        ("received_at >= ?", None if after is None else instant_number(after)),
        ("size_bytes >= ?", wanted.min_bytes),
        ("size_bytes <= ?", wanted.max_bytes),
    )

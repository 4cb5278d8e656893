"""Looks over all messages, and the forgetting of old ones: statements that are about no message in particular."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from maild.spool.queue import Census, MessageState, QueueId, Span, Waiting
from maild.spool.sqlite.debts import forget_debts
from maild.spool.sqlite.rows import instant_number, instant_of, minute_number
from maild.spool.sqlite.worker import Transaction

_PURGE_CHUNK: Final = 1000

_BEFORE_ALL: Final = -(2**62)
"""Earlier than any instant."""


def data_version(transaction: Transaction) -> int:
    """Differs from its last value when another connection has committed something, or ours was opened anew."""
    row: tuple[int] = transaction.connection.execute("PRAGMA data_version").fetchone()
    return row[0]


def census(transaction: Transaction) -> Census:
    """How many are queued, by what they wait for."""
    execute = transaction.connection.execute
    pools = execute("SELECT pool, stream, count(*) FROM messages WHERE state = 'queued' GROUP BY pool, stream")
    # By an index that holds what was tried and waits, which is little beside what was not tried yet.
    deferred = execute(
        "SELECT last_account, count(*) FROM messages WHERE state = 'queued' AND pool = '' AND last_account IS NOT NULL "
        "GROUP BY last_account"
    )
    return Census(pools={(pool, stream): count for pool, stream, count in pools}, deferred=dict(deferred.fetchall()))


def waiting(transaction: Transaction, spans: Sequence[Span]) -> tuple[tuple[Waiting, ...], ...]:
    """What is queued in each span."""
    return tuple(_span(transaction, span) for span in spans)


def _span(transaction: Transaction, span: Span) -> tuple[Waiting, ...]:
    next_at, id_ = (_BEFORE_ALL, "") if span.after is None else (instant_number(span.after[0]), span.after[1])
    found = transaction.connection.execute(
        "SELECT id, next_at FROM messages WHERE state = 'queued' AND pool = ? AND stream = ? "
        "AND (next_at, id) > (?, ?) ORDER BY next_at, id LIMIT ?",
        (span.pool, span.stream, next_at, id_, span.limit),
    ).fetchall()
    return tuple(
        [
            Waiting(id=QueueId(id_), next_at=instant_of(next_at), stream=span.stream, pool=span.pool)
            for id_, next_at in found
        ]
    )


def due(transaction: Transaction, now: datetime) -> int:
    """How many are queued whose time has come."""
    query = "SELECT count(*) FROM messages WHERE state = 'queued' AND next_at <= ?"
    row: tuple[int] = transaction.connection.execute(query, (instant_number(now),)).fetchone()
    return row[0]


def counts(transaction: Transaction) -> dict[MessageState, int]:
    """How many stand in each state that is not history."""
    # The state stands in the statement as text, or SQLite would not use the partial index of that state.
    return {
        state: transaction.connection.execute(
            f"SELECT count(*) FROM messages WHERE state = '{state.value}'"  # noqa: S608 -- a word of ours
        ).fetchone()[0]
        for state in MessageState
        if not state.is_history
    }


def lately_done(transaction: Transaction, within: timedelta) -> tuple[str, ...]:
    """The drops of what became history within so long before the last that did."""
    # In these words, or SQLite would not use the partial index.
    history = "messages WHERE state IN ('sent', 'failed', 'deleted')"
    query = (
        f"SELECT DISTINCT drop_name FROM {history} AND drop_name IS NOT NULL "  # noqa: S608 -- words of ours
        f"AND changed_at >= (SELECT max(changed_at) FROM {history}) - ?"
    )
    return tuple(drop for (drop,) in transaction.connection.execute(query, (within // timedelta(microseconds=1),)))


def uncertain(transaction: Transaction) -> int:
    """How many of the living have a recipient whose answer was lost."""
    # In these words, or SQLite would not use the partial index.
    query = """
        SELECT count(DISTINCT recipients.number) FROM recipients JOIN messages ON messages.number = recipients.number
        WHERE recipients.state = 'uncertain' AND messages.state IN ('queued', 'sending', 'held')
    """
    row: tuple[int] = transaction.connection.execute(query).fetchone()
    return row[0]


def purge_messages(transaction: Transaction, before: datetime) -> int:
    """Forget some of the history that is older; returns how many messages."""
    connection = transaction.connection
    numbers = connection.execute(
        "SELECT number FROM messages WHERE state IN ('sent', 'failed', 'deleted') AND changed_at < ? LIMIT ?",
        (instant_number(before), _PURGE_CHUNK),
    ).fetchall()
    connection.executemany("DELETE FROM recipients WHERE number = ?", numbers)
    connection.executemany("DELETE FROM messages WHERE number = ?", numbers)
    return len(numbers)


def purge_sent(transaction: Transaction, before: datetime) -> None:
    """Forget old counts and debts, and give back room."""
    connection = transaction.connection
    connection.execute("DELETE FROM sent WHERE minute < ?", (minute_number(before),))
    forget_debts(connection)
    # Gives at most so many free pages back to the file system at a time.
    connection.execute("PRAGMA incremental_vacuum(4096)").fetchall()
